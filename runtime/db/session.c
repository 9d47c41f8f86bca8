/* Sessions: a request's interface to the database. A session queues queries in its arena, passes
 * them to the pool as one batch and parks its fiber until the last answer or its deadline. It must
 * not know the protocol. */
#include <assert.h>
#include <string.h>

#include "batch.h"
#include "log.h"
#include "pg_codec.h"
#include "pool.h"
#include "timestamp.h"

struct session *session_begin(struct database *database, struct arena *arena, bool writes,
                              const struct session_context *context, int64_t deadline_us)
{
    struct session *session = arena_alloc(arena, sizeof *session);
    *session = (struct session){.database = database,
                                .arena = arena,
                                .writes = writes,
                                .context = *context,
                                .first_tenant = context->tenant,
                                .deadline_us = deadline_us,
                                .fault = {DB_OK, "", ""}};
    session->queued_end = &session->queued;
    database->sessions++;
    return session;
}

/* Returns the session's writer, if any, to the pool; an open transaction is rolled back. */
static void let_go(struct session *session)
{
    struct db_connection *connection = session->connection;
    session->connection = NULL;
    session->begun = false;
    if (connection)
        pool_give_back(connection);
}

void session_end(struct session **owner)
{
    struct session *session = *owner;
    *owner = NULL;
    if (!session)
        return;
    assert(!session->batch && !session->waits);
    let_go(session);
    session->database->sessions--;
}

const struct db_fault *session_fault(const struct session *session)
{
    return &session->fault;
}

/* --- Asking --- */

static bool encode_parameters(struct session *session, struct db_query *query, struct bound input)
{
    struct statement *statement = query->statement;
    const struct parameter_plan *plan = plan_parameters(statement, input.model);
    size_t count = statement->plan->parameter_count;
    const char **values = arena_array(session->arena, count, sizeof *values);
    int *sizes = arena_array(session->arena, count, sizeof *sizes);
    query->values = values;
    query->sizes = sizes;
    for (size_t i = 0; i < count; i++) {
        const struct parameter_source *source = &plan->sources[i];
        const void *data = source->from_context ? &session->context : input.data;
        if (!codec_encode(session->arena, source->field, data, statement->plan->parameters[i],
                          &values[i], &sizes[i])) {
            log_error("a parameter is beyond its type", LOG_CSTR("statement", statement->name),
                      LOG_CSTR("parameter", statement->parameters[i]));
            session_fail(session, DB_BUG, "", "");
            return false;
        }
    }
    return true;
}

/* Of the request whose fiber this is; NULL: it is not measured. */
static struct timing *measured(void)
{
    const struct log_context *context = log_context();

    return context ? context->timing : NULL;
}

/* NULL after a fault: there is nothing more to ask. */
static struct db_query *queue(struct session *session, struct statement *statement,
                              struct bound input)
{
    if (session->fault.kind != DB_OK)
        return NULL;
    assert(statement->plan); /* a statement that the database was not given */
    if (!statement->plan->parameters) {
        session_fail(session, DB_UNAVAILABLE, "", ""); /* it was never reached */
        return NULL;
    }
    struct db_query *query = arena_alloc(session->arena, sizeof *query);
    query->statement = statement;
    if (!encode_parameters(session, query, input))
        return NULL;
    *session->queued_end = query;
    session->queued_end = &query->next;
    if (measured())
        measured()->statements++;
    return query;
}

void session_set_context(struct session *session, const struct session_context *context)
{
    assert(session->writes);
    bool same = str_equal(session->context.tenant, context->tenant);
    session->context = *context;
    if (!session->queued && !session->begun)
        session->first_tenant = context->tenant;
    else if (!same)
        queue(session, &own_statements[OWN_TENANT], NOTHING);
}

void session_queue(struct session *session, struct statement *statement, struct bound input)
{
    queue(session, statement, input);
}

void session_queue_row(struct session *session, struct statement *statement, struct bound input,
                       struct bound output, bool *found)
{
    struct db_query *query = queue(session, statement, input);
    *found = false;
    if (!query)
        return;
    query->take = TAKE_ROW;
    query->output = output;
    query->found = found;
    query->row = plan_row(statement, output.model);
}

void session_queue_rows(struct session *session, struct statement *statement, struct bound input,
                        const struct model *model, struct list *list)
{
    struct db_query *query = queue(session, statement, input);
    *list = (struct list){NULL, 0};
    if (!query)
        return;
    query->take = TAKE_ROWS;
    query->output.model = model;
    query->list = list;
    query->row = plan_row(statement, model);
}

void session_queue_count(struct session *session, struct statement *statement, struct bound input,
                         int64_t *affected)
{
    struct db_query *query = queue(session, statement, input);
    *affected = 0;
    if (!query)
        return;
    query->take = TAKE_COUNT;
    query->affected = affected;
}

/* --- Waiting --- */

/* Parks until the batch was answered, the deadline has passed or nobody waits any more. */
static void await(struct session *session)
{
    while (session->batch) {
        bool in_time = fiber_park_until(session->deadline_us);
        if (!session->batch || (in_time && !(session->abandoned && *session->abandoned)))
            continue;
        if (!session->writes)
            session->sent_us = session->batch->sent_us; /* 0: it waits for a connection still */
        batch_cancel(session->database, session->batch);
        session->batch = NULL;
        session_fail(session, DB_TIMEOUT, "", "");
    }
}

/* A writer for this session, in its tenant's turn. */
static bool take_connection(struct session *session)
{
    struct database *database = session->database;
    if (session->connection || pool_take(database, session))
        return true;
    if (!pool_may_connect(database, POOL_WRITERS) || !pool_wait(database, session)) {
        session_fail(session, DB_UNAVAILABLE, "", "");
        return false;
    }
    while (session->waits) {
        if (fiber_park_until(session->deadline_us) || !session->waits)
            continue;
        pool_wait_no_more(database, session);
        session_fail(session, DB_TIMEOUT, "", "");
    }
    if (!session->connection) /* handed out and lost before this fiber ran */
        session_fail(session, DB_UNAVAILABLE, "", "");
    return session->connection != NULL;
}

static void write_batch(struct session *session, bool ends)
{
    if (!session->queued && !session->begun)
        return;
    if (!take_connection(session))
        return;
    session->batch = batch_new(session, !session->begun, ends);
    session->begun = !ends;
    session->sent_us = monotonic_us();
    batch_send_writer(session->connection, session->batch);
    await(session);
}

static void read_batch(struct session *session)
{
    if (!session->queued)
        return;
    session->batch = batch_new(session, false, false);
    if (!pool_may_connect(session->database, session->batch->kind)) {
        session_fail(session, DB_UNAVAILABLE, "", "");
        batch_done(session->database, session->batch);
        return;
    }
    batch_queue(session->database, session->batch);
    await(session);
}

/* What it has waited: until it was sent for a connection, then for the database. */
static void measure(const struct session *session, int64_t began_us)
{
    struct timing *timing = measured();

    if (!timing)
        return;
    int64_t now_us = monotonic_us();
    int64_t sent_us = session->sent_us > 0 ? session->sent_us : now_us;
    timing->connection_us += sent_us - began_us;
    timing->database_us += now_us - sent_us;
}

static enum db_fault_kind run(struct session *session, bool ends)
{
    int64_t began_us = monotonic_us();

    session->fiber = fiber_self();
    assert(session->fiber); /* only fibers wait */
    session->sent_us = 0;
    if (session->fault.kind == DB_OK && session->deadline_us <= began_us)
        session_fail(session, DB_TIMEOUT, "", "");
    if (session->fault.kind == DB_OK) {
        if (session->writes)
            write_batch(session, ends);
        else
            read_batch(session);
    }
    measure(session, began_us);
    session->sent = session->queued;
    session->sent_end = session->queued_end;
    session->queued = NULL;
    session->queued_end = &session->queued;
    return session->fault.kind;
}

enum db_fault_kind session_wait(struct session *session)
{
    if (session->writes && !session->queued)
        return session->fault.kind; /* nothing to send: no transaction is begun for it */
    return run(session, false);
}

void session_bound(struct session *session, size_t bytes)
{
    assert(!session->writes);
    session->bound = bytes;
    session->taken = 0;
}

void session_abandon_when(struct session *session, const bool *abandoned)
{
    session->abandoned = abandoned;
}

bool session_held_back(const struct session *session)
{
    return session->held_back;
}

enum db_fault_kind session_wait_again(struct session *session)
{
    assert(session->held_back && !session->queued);
    session_bound(session, 0);
    session->held_back = false;
    if (session->sent) {
        session->queued = session->sent;
        session->queued_end = session->sent_end;
    }
    return run(session, false);
}

/* What was committed and is kept elsewhere as it was before must not be acknowledged. */
static enum db_fault_kind tell_changed(struct session *session)
{
    const struct database *database = session->database;

    if (session->changed.count > 0 && database->invalidate &&
        !database->invalidate(database->argument, session->arena, &session->changed))
        session_fail(session, DB_LOST, "", "");
    return session->fault.kind;
}

enum db_fault_kind session_commit(struct session *session)
{
    bool had_work = session->queued || session->begun;
    enum db_fault_kind kind = run(session, true);
    if (session->writes && kind == DB_OK && had_work) {
        session->database->counts.commits++;
        let_go(session);
        return tell_changed(session);
    }
    return kind;
}
