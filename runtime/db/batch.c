/* Batches on their way out: the readers' queue, and how batches are laid out on a connection. What
 * comes back is the business of batch_answer.c. */
#include "batch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "memory.h"
#include "owner.h"
#include "timestamp.h"

enum {
    GROUPS_MAX = 3, /* Syncs that a reader is owed before it gets no more */
    GROUP_MIN = 4,  /* batches that share a Sync before another reader is used */
    GROUP_MAX = 16, /* batches that share a Sync: a slow one delays those behind it */
    GROUP_COST_US =
        2000, /* of the server's time that batches which share a Sync are expected to take */
};

/* --- Their memory --- */

/* Statements that are marked as long have readers of their own, if there are any. */
static enum pool_kind kind_of(const struct session *session)
{
    if (session->writes)
        return POOL_WRITERS;
    return session->database->sizes[POOL_LONG_READERS] > 0 && session_takes_long(session)
               ? POOL_LONG_READERS
               : POOL_READERS;
}

struct pipeline_batch *batch_new(struct session *session, bool opens, bool ends)
{
    struct database *database = session->database;
    struct pipeline_batch *batch = database->spare;
    if (batch)
        database->spare = batch->next;
    else
        batch = xmalloc(sizeof *batch);
    *batch = (struct pipeline_batch){.session = session,
                                     .queries = session->queued,
                                     .tenant = session->first_tenant,
                                     .deadline_us = session->deadline_us,
                                     .opens = opens,
                                     .ends = ends,
                                     .kind = kind_of(session)};
    return batch;
}

static void batch_free(struct database *database, struct pipeline_batch *batch)
{
    batch->next = database->spare;
    database->spare = batch;
}

void batches_destroy(struct database *database)
{
    while (database->spare) {
        struct pipeline_batch *batch = database->spare;
        database->spare = batch->next;
        free(batch);
    }
}

/* --- The readers' queue --- */

static struct pipeline_batch *batch_of(struct fair_item *item)
{
    return OWNER_OF(item, struct pipeline_batch, place);
}

void batch_queue(struct database *database, struct pipeline_batch *batch)
{
    fair_add(database->batches, batch->kind, &batch->place, batch->tenant);
    database->gathered = true;
}

void batch_cancel(struct database *database, struct pipeline_batch *batch)
{
    batch->session = NULL;
    batch->queries = NULL;
    if (batch->answers_left > 0)
        return; /* freed with its last answer */
    fair_remove(database->batches, &batch->place);
    batch_free(database, batch);
}

/* The server works on one batch of a connection after the other. */
void batch_leave(struct db_connection *connection, struct pipeline_batch *batch)
{
    int64_t now_us = monotonic_us();
    int64_t began_us =
        batch->sent_us > connection->answered_us ? batch->sent_us : connection->answered_us;

    connection->answered_us = now_us;
    fair_done(connection->database->batches, &batch->place, now_us - began_us);
}

void batch_done(struct database *database, struct pipeline_batch *batch)
{
    struct session *session = batch->session;
    if (session) {
        session->batch = NULL;
        fiber_wake(session->fiber);
    }
    batch_free(database, batch);
}

void batches_fail(struct database *database, enum pool_kind kind)
{
    struct fair_item *item;

    while ((item = fair_next(database->batches, kind, SIZE_MAX)) != NULL) {
        struct pipeline_batch *batch = batch_of(item);
        fair_remove(database->batches, item);
        session_fail(batch->session, DB_UNAVAILABLE, "", "");
        batch_done(database, batch);
    }
}

/* --- Sending --- */

/* Statements that this server process has not seen yet, each parsed once, in a group of their own:
 * an error of somebody's query must not make the server skip them. */
static bool prepare_missing(struct db_connection *connection, const struct pipeline_batch *batch)
{
    bool sent = false;
    for (const struct db_query *query = batch->queries; query; query = query->next) {
        if (!connection->prepared[query->statement->plan->index]) {
            connection_prepare(connection, query->statement, batch->deadline_us);
            sent = true;
        }
    }
    return sent;
}

static bool prepare_own(struct db_connection *connection, enum own_statement own,
                        int64_t deadline_us)
{
    if (connection->prepared[own_statements[own].plan->index])
        return false;
    connection_prepare(connection, &own_statements[own], deadline_us);
    return true;
}

static void prepare_end(struct db_connection *connection, int64_t deadline_us)
{
    connection_sync(connection, (struct expected_answer){.deadline_us = deadline_us});
    connection->groups++;
}

static void send_own(struct db_connection *connection, struct pipeline_batch *batch,
                     enum own_statement own, enum answer_kind kind)
{
    struct db_query query = {.statement = &own_statements[own]};
    connection_query(connection, &query,
                     (struct expected_answer){.kind = kind,
                                              .batch = batch,
                                              .statement = query.statement,
                                              .deadline_us = batch->deadline_us});
    batch->answers_left++;
}

/* What a transaction sets when it begins. The server ends a statement that nobody waits for any
 * more: at the connection's own timeout, which is that of a whole request, when nearly all of that
 * is left, since each setting costs. */
static enum own_statement opening(const struct db_connection *connection, int64_t deadline_us)
{
    int64_t most_us = connection->database->request_timeout_ms * INT64_C(1000);

    return deadline_us - monotonic_us() < most_us - most_us / 8 ? OWN_REQUEST : OWN_TENANT;
}

static void send_opening(struct db_connection *connection, struct pipeline_batch *batch,
                         struct str tenant, enum own_statement own, int64_t deadline_us)
{
    int64_t left_ms = (deadline_us - monotonic_us()) / 1000;
    char timeout[24]; /* for OWN_REQUEST alone */
    int size = snprintf(timeout, sizeof timeout, "%lld", (long long)(left_ms < 1 ? 1 : left_ms));
    const char *values[] = {tenant.data ? tenant.data : "", timeout};
    const int sizes[] = {(int)tenant.size, size};
    struct db_query query = {.statement = &own_statements[own], .values = values, .sizes = sizes};
    connection_query(connection, &query,
                     (struct expected_answer){.kind = ANSWER_PLAIN,
                                              .batch = batch,
                                              .statement = query.statement,
                                              .deadline_us = batch->deadline_us});
    batch->answers_left++;
}

static void send_queries(struct db_connection *connection, struct pipeline_batch *batch)
{
    for (struct db_query *query = batch->queries; query; query = query->next) {
        connection_query(connection, query,
                         (struct expected_answer){.kind = ANSWER_QUERY,
                                                  .batch = batch,
                                                  .query = query,
                                                  .statement = query->statement,
                                                  .deadline_us = batch->deadline_us});
        batch->answers_left++;
    }
    connection->database->counts.batches++;
}

static size_t free_slots(const struct database *database, enum pool_kind kind)
{
    size_t running = fair_running(database->batches, kind);

    if (kind == POOL_READERS)
        return SIZE_MAX; /* they are shared: the order alone counts */
    return database->sizes[kind] > running ? database->sizes[kind] - running : 0;
}

/* The batches of the next group. What takes long is not put before what another tenant waits for:
 * a group ends where its tenants' batches have cost more than GROUP_COST_US together. */
static struct pipeline_batch *gather(struct database *database, enum pool_kind kind, size_t max)
{
    struct pipeline_batch *first = NULL, **end = &first;
    struct fair_item *item;
    int64_t cost = 0;
    size_t count = 0;

    while (count < max &&
           (item = fair_next(database->batches, kind, free_slots(database, kind))) != NULL) {
        struct pipeline_batch *batch = batch_of(item);
        cost += fair_expected(database->batches, item);
        if (count > 0 && (batch->alone || cost > GROUP_COST_US))
            break;
        fair_start(database->batches, item);
        batch->next = NULL;
        *end = batch;
        end = &batch->next;
        count++;
        if (batch->alone)
            break;
    }
    return first;
}

static int64_t latest_deadline(const struct pipeline_batch *group)
{
    int64_t deadline_us = 0;

    for (const struct pipeline_batch *batch = group; batch; batch = batch->next)
        if (batch->deadline_us > deadline_us)
            deadline_us = batch->deadline_us;
    return deadline_us;
}

/* The group as one transaction. A tenant that is set already is not set again. */
static void send_group(struct db_connection *connection, struct pipeline_batch *group)
{
    int64_t deadline_us = latest_deadline(group), now_us = monotonic_us();
    enum own_statement own = opening(connection, deadline_us);
    bool prepared = prepare_own(connection, own, deadline_us);
    for (const struct pipeline_batch *batch = group; batch; batch = batch->next)
        prepared = prepare_missing(connection, batch) || prepared;
    if (prepared)
        prepare_end(connection, deadline_us);
    struct str tenant = STR(""); /* a transaction begins without one */
    for (struct pipeline_batch *batch = group; batch; batch = batch->next) {
        struct str wanted = batch->tenant.data ? batch->tenant : STR("");
        if (!str_equal(tenant, wanted))
            send_opening(connection, batch, wanted, own, deadline_us);
        tenant = wanted;
        batch->sent_us = now_us;
        send_queries(connection, batch);
        connection->batches++;
    }
    connection_sync(connection, (struct expected_answer){.deadline_us = deadline_us});
    connection->groups++;
    connection_flush(connection);
}

static struct db_connection *least_loaded(struct database *database, enum pool_kind kind)
{
    size_t most = kind == POOL_LONG_READERS ? 1 : GROUPS_MAX;
    struct db_connection *best = NULL;
    for (size_t i = 0; i < database->size; i++) {
        struct db_connection *connection = &database->connections[i];
        if (connection->kind != kind || connection->state != CONNECTION_OPEN ||
            connection->broken || connection->groups >= most)
            continue;
        if (!best || connection->groups < best->groups ||
            (connection->groups == best->groups && connection->batches < best->batches))
            best = connection;
    }
    return best;
}

/* Batches that share a Sync: as many as spread the waiting ones over the readers. */
static size_t group_size(const struct database *database, enum pool_kind kind)
{
    size_t open = 0;
    for (size_t i = 0; i < database->size; i++)
        open += database->connections[i].kind == kind &&
                database->connections[i].state == CONNECTION_OPEN;
    if (kind == POOL_LONG_READERS || open == 0)
        return 1;
    size_t share = (fair_waiting(database->batches, kind) + open - 1) / open;
    return share < GROUP_MIN ? GROUP_MIN : share > GROUP_MAX ? GROUP_MAX : share;
}

bool batches_send(struct database *database, enum pool_kind kind)
{
    struct db_connection *connection;
    bool busy = false;
    while (fair_waiting(database->batches, kind) > 0 &&
           (connection = least_loaded(database, kind)) != NULL) {
        busy = busy || connection->groups > 0;
        struct pipeline_batch *group = gather(database, kind, group_size(database, kind));
        if (!group)
            break; /* what is free is kept for other tenants */
        send_group(connection, group);
    }
    return busy || fair_waiting(database->batches, kind) > 0;
}

/* A transaction of one batch is the implicit one that its Sync commits. One of several begins and
 * ends explicitly, with a Sync after each batch: so the server's own timeout ends it when this
 * process is stopped in between. */
void batch_send_writer(struct db_connection *connection, struct pipeline_batch *batch)
{
    bool begins = batch->opens && !batch->ends, commits = batch->ends && !batch->opens;
    int64_t deadline_us = batch->deadline_us;
    enum own_statement own = opening(connection, deadline_us);
    bool prepared = batch->opens && prepare_own(connection, own, deadline_us);
    prepared = (begins && prepare_own(connection, OWN_BEGIN, deadline_us)) || prepared;
    prepared = (commits && prepare_own(connection, OWN_COMMIT, deadline_us)) || prepared;
    if (prepare_missing(connection, batch) || prepared)
        prepare_end(connection, deadline_us);
    if (begins)
        send_own(connection, batch, OWN_BEGIN, ANSWER_PLAIN);
    if (batch->opens && batch->tenant.size > 0) /* a transaction begins without one */
        send_opening(connection, batch, batch->tenant, own, deadline_us);
    send_queries(connection, batch);
    if (commits)
        send_own(connection, batch, OWN_COMMIT, ANSWER_COMMIT);
    connection_sync(connection,
                    (struct expected_answer){.batch = batch, .deadline_us = batch->deadline_us});
    batch->answers_left++;
    connection_flush(connection);
}

void batch_roll_back(struct db_connection *connection)
{
    struct expected_answer answer = {
        .kind = ANSWER_PLAIN, .deadline_us = monotonic_us() + CONNECTION_SETTLE_MS * INT64_C(1000)};
    struct db_query query = {.statement = &own_statements[OWN_ROLLBACK]};
    if (prepare_own(connection, OWN_ROLLBACK, answer.deadline_us))
        prepare_end(connection, answer.deadline_us);
    connection_query(connection, &query, answer);
    connection_sync(connection, answer);
    connection_flush(connection);
    connection->database->counts.rollbacks++;
}
