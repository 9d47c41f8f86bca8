/* Batches on their way out: the readers' queue, and how batches are laid out on a connection. What
 * comes back is the business of batch_answer.c. */
#include "batch.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "memory.h"
#include "timestamp.h"

enum {
    GROUPS_MAX = 3, /* Syncs that a reader is owed before it gets no more */
    GROUP_MIN = 4,  /* batches that share a Sync before another reader is used */
    GROUP_MAX = 16, /* batches that share a Sync: a slow one delays those behind it */
};

/* --- Their memory --- */

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
                                     .ends = ends};
    return batch;
}

static void batch_free(struct database *database, struct pipeline_batch *batch)
{
    batch->next = database->spare;
    database->spare = batch;
}

void batches_destroy(struct database *database)
{
    assert(database->queue_count == 0);
    while (database->spare) {
        struct pipeline_batch *batch = database->spare;
        database->spare = batch->next;
        free(batch);
    }
}

/* --- The readers' queue --- */

void batch_queue(struct database *database, struct pipeline_batch *batch, bool first)
{
    batch->next = first ? database->queue : NULL;
    if (first)
        database->queue = batch;
    else
        *database->queue_end = batch;
    if (!batch->next)
        database->queue_end = &batch->next;
    database->queue_count++;
    database->gathered = true;
}

static struct pipeline_batch *unqueue_first(struct database *database)
{
    struct pipeline_batch *batch = database->queue;
    database->queue = batch->next;
    if (!database->queue)
        database->queue_end = &database->queue;
    database->queue_count--;
    return batch;
}

void batch_cancel(struct database *database, struct pipeline_batch *batch)
{
    batch->session = NULL;
    batch->queries = NULL;
    if (batch->answers_left > 0)
        return; /* freed with its last answer */
    struct pipeline_batch **at = &database->queue;
    while (*at != batch)
        at = &(*at)->next;
    *at = batch->next;
    if (!batch->next)
        database->queue_end = at;
    database->queue_count--;
    batch_free(database, batch);
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

void batches_fail(struct database *database)
{
    while (database->queue) {
        struct pipeline_batch *batch = unqueue_first(database);
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
                     enum own_statement own, enum answer_kind kind, struct str parameter)
{
    const char *value = parameter.data ? parameter.data : "";
    int size = (int)parameter.size;
    struct db_query query = {.statement = &own_statements[own], .values = &value, .sizes = &size};
    connection_query(connection, &query,
                     (struct expected_answer){.kind = kind,
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

/* Up to `max` batches as one transaction. A tenant that is set already is not set again. */
static void send_group(struct db_connection *connection, size_t max)
{
    struct database *database = connection->database;
    int64_t deadline_us = database->queue->deadline_us;
    bool prepared = prepare_own(connection, OWN_TENANT, deadline_us);
    size_t count = 0;
    for (struct pipeline_batch *batch = database->queue; batch && count < max;
         batch = batch->next) {
        if (batch->alone && count > 0)
            break;
        prepared = prepare_missing(connection, batch) || prepared;
        count++;
        if (batch->alone)
            break;
    }
    if (prepared)
        prepare_end(connection, deadline_us);
    struct expected_answer sync = {0};
    struct str tenant = STR(""); /* a transaction begins without one */
    for (size_t i = 0; i < count; i++) {
        struct pipeline_batch *batch = unqueue_first(database);
        struct str wanted = batch->tenant.data ? batch->tenant : STR("");
        if (!str_equal(tenant, wanted))
            send_own(connection, batch, OWN_TENANT, ANSWER_PLAIN, wanted);
        tenant = wanted;
        send_queries(connection, batch);
        if (batch->deadline_us > sync.deadline_us)
            sync.deadline_us = batch->deadline_us;
    }
    connection_sync(connection, sync);
    connection->groups++;
    connection->batches += count;
    connection_flush(connection);
}

static struct db_connection *least_loaded(struct database *database)
{
    struct db_connection *best = NULL;
    for (size_t i = 0; i < database->readers; i++) {
        struct db_connection *connection = &database->connections[i];
        if (connection->state != CONNECTION_OPEN || connection->broken ||
            connection->groups >= GROUPS_MAX)
            continue;
        if (!best || connection->groups < best->groups ||
            (connection->groups == best->groups && connection->batches < best->batches))
            best = connection;
    }
    return best;
}

bool batches_send(struct database *database)
{
    size_t open = 0;
    bool busy = false;
    for (size_t i = 0; i < database->readers; i++)
        open += database->connections[i].state == CONNECTION_OPEN;
    struct db_connection *connection;
    while (database->queue && (connection = least_loaded(database))) {
        busy = busy || connection->groups > 0;
        size_t share = (database->queue_count + open - 1) / open;
        share = share < GROUP_MIN ? GROUP_MIN : share > GROUP_MAX ? GROUP_MAX : share;
        send_group(connection, share);
    }
    return busy || database->queue;
}

/* A transaction of one batch is the implicit one that its Sync commits. One of several begins and
 * ends explicitly, with a Sync after each batch: so the server's own timeout ends it when this
 * process is stopped in between. */
void batch_send_writer(struct db_connection *connection, struct pipeline_batch *batch)
{
    bool begins = batch->opens && !batch->ends, commits = batch->ends && !batch->opens;
    int64_t deadline_us = batch->deadline_us;
    bool prepared = batch->opens && prepare_own(connection, OWN_TENANT, deadline_us);
    prepared = (begins && prepare_own(connection, OWN_BEGIN, deadline_us)) || prepared;
    prepared = (commits && prepare_own(connection, OWN_COMMIT, deadline_us)) || prepared;
    if (prepare_missing(connection, batch) || prepared)
        prepare_end(connection, deadline_us);
    if (begins)
        send_own(connection, batch, OWN_BEGIN, ANSWER_PLAIN, STR_NONE);
    if (batch->opens && batch->tenant.size > 0) /* a transaction begins without one */
        send_own(connection, batch, OWN_TENANT, ANSWER_PLAIN, batch->tenant);
    send_queries(connection, batch);
    if (commits)
        send_own(connection, batch, OWN_COMMIT, ANSWER_COMMIT, STR_NONE);
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
