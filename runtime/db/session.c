/* Sessions: a request's interface to the database. A session queues queries in its arena, passes
 * them to the pool as one wave and parks its fiber until the last answer or its deadline. It must
 * not know the protocol. */
#include <assert.h>
#include <string.h>

#include "log.h"
#include "pg_codec.h"
#include "pool.h"
#include "timestamp.h"
#include "wave.h"

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
    session->asked_end = &session->asked;
    database->sessions++;
    return session;
}

/* Returns the session's writer, if any, to the pool; an open transaction is rolled back. */
static void let_go(struct session *session)
{
    struct link *link = session->link;
    session->link = NULL;
    session->begun = false;
    if (link)
        pool_give_back(link);
}

void session_end(struct session **owner)
{
    struct session *session = *owner;
    *owner = NULL;
    if (!session)
        return;
    assert(!session->wave && !session->waits);
    let_go(session);
    session->database->sessions--;
}

const struct db_fault *session_fault(const struct session *session)
{
    return &session->fault;
}

/* --- Asking --- */

static bool encode_parameters(struct session *session, struct query *query, struct bound input)
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

/* NULL after a fault: there is nothing more to ask. */
static struct query *ask(struct session *session, struct statement *statement, struct bound input)
{
    if (session->fault.kind != DB_OK)
        return NULL;
    assert(statement->plan); /* a statement that the database was not given */
    if (!statement->plan->parameters) {
        session_fail(session, DB_UNAVAILABLE, "", ""); /* it was never reached */
        return NULL;
    }
    struct query *query = arena_alloc(session->arena, sizeof *query);
    query->statement = statement;
    if (!encode_parameters(session, query, input))
        return NULL;
    *session->asked_end = query;
    session->asked_end = &query->next;
    return query;
}

void session_set_context(struct session *session, const struct session_context *context)
{
    assert(session->writes);
    bool same = str_equal(session->context.tenant, context->tenant);
    session->context = *context;
    if (!session->asked && !session->begun)
        session->first_tenant = context->tenant;
    else if (!same)
        ask(session, &own_statements[OWN_TENANT], NOTHING);
}

void session_ask(struct session *session, struct statement *statement, struct bound input)
{
    ask(session, statement, input);
}

void session_ask_row(struct session *session, struct statement *statement, struct bound input,
                     struct bound output, bool *found)
{
    struct query *query = ask(session, statement, input);
    *found = false;
    if (!query)
        return;
    query->take = TAKE_ROW;
    query->output = output;
    query->found = found;
    query->row = plan_row(statement, output.model);
}

void session_ask_rows(struct session *session, struct statement *statement, struct bound input,
                      const struct model *model, struct list *list)
{
    struct query *query = ask(session, statement, input);
    *list = (struct list){NULL, 0};
    if (!query)
        return;
    query->take = TAKE_ROWS;
    query->output.model = model;
    query->list = list;
    query->row = plan_row(statement, model);
}

void session_ask_count(struct session *session, struct statement *statement, struct bound input,
                       int64_t *affected)
{
    struct query *query = ask(session, statement, input);
    *affected = 0;
    if (!query)
        return;
    query->take = TAKE_COUNT;
    query->affected = affected;
}

/* --- Waiting --- */

/* Parks until the wave was answered or the deadline has passed. */
static void await(struct session *session)
{
    while (session->wave) {
        if (fiber_park_until(session->deadline_us) || !session->wave)
            continue;
        wave_abandon(session->database, session->wave);
        session->wave = NULL;
        session_fail(session, DB_TIMEOUT, "", "");
    }
}

/* A writer for this session, the longest waiting first. */
static bool take_link(struct session *session)
{
    struct database *database = session->database;
    if (session->link || pool_take(database, session))
        return true;
    if (!pool_hopeful(database, true) || !pool_wait(database, session)) {
        session_fail(session, DB_UNAVAILABLE, "", "");
        return false;
    }
    while (session->waits) {
        if (fiber_park_until(session->deadline_us) || !session->waits)
            continue;
        pool_wait_no_more(database, session);
        session_fail(session, DB_TIMEOUT, "", "");
    }
    if (!session->link) /* handed out and lost before this fiber ran */
        session_fail(session, DB_UNAVAILABLE, "", "");
    return session->link != NULL;
}

static void write_wave(struct session *session, bool ends)
{
    if (!session->asked && !session->begun)
        return;
    if (!take_link(session))
        return;
    session->wave = wave_new(session, !session->begun, ends);
    session->begun = !ends;
    wave_send_writer(session->link, session->wave);
    await(session);
}

static void read_wave(struct session *session)
{
    if (!session->asked)
        return;
    if (!pool_hopeful(session->database, false)) {
        session_fail(session, DB_UNAVAILABLE, "", "");
        return;
    }
    session->wave = wave_new(session, false, false);
    wave_queue(session->database, session->wave, false);
    await(session);
}

static enum db_fault_kind run(struct session *session, bool ends)
{
    session->fiber = fiber_self();
    assert(session->fiber); /* only fibers wait */
    if (session->fault.kind == DB_OK && session->deadline_us <= monotonic_us())
        session_fail(session, DB_TIMEOUT, "", "");
    if (session->fault.kind == DB_OK) {
        if (session->writes)
            write_wave(session, ends);
        else
            read_wave(session);
    }
    session->asked = NULL;
    session->asked_end = &session->asked;
    return session->fault.kind;
}

enum db_fault_kind session_wait(struct session *session)
{
    if (session->writes && !session->asked)
        return session->fault.kind; /* nothing to send: no transaction is begun for it */
    return run(session, false);
}

enum db_fault_kind session_commit(struct session *session)
{
    bool had_work = session->asked || session->begun;
    enum db_fault_kind kind = run(session, true);
    if (session->writes && kind == DB_OK && had_work) {
        session->database->counts.commits++;
        let_go(session);
    }
    return kind;
}
