/* Waves: how they are laid out on a link, what their answers do to the sessions that wait, and how
 * a reader's wave is repeated when a neighbour's error or a dead connection took it along. It must
 * not touch a wave's queries once its session gave up: they died with the session's arena. */
#include "pool.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "pg_codec.h"
#include "pg_fault.h"
#include "timestamp.h"

static const char *const tenant_parameters[] = {"tenant"};

struct statement own_statements[OWN_COUNT] = {
    [OWN_TENANT] = {"TRACTION_TENANT", "SELECT set_config('app.tenant', $1, true)",
                    tenant_parameters, 1, true, NULL},
    [OWN_BEGIN] = {"TRACTION_BEGIN", "BEGIN", NULL, 0, true, NULL},
    [OWN_COMMIT] = {"TRACTION_COMMIT", "COMMIT", NULL, 0, true, NULL},
    [OWN_ROLLBACK] = {"TRACTION_ROLLBACK", "ROLLBACK", NULL, 0, true, NULL},
};

/* --- Their memory --- */

struct wave *wave_new(struct session *session, bool opens, bool ends)
{
    struct database *database = session->database;
    struct wave *wave = database->spare;
    if (wave)
        database->spare = wave->next;
    else if (!(wave = malloc(sizeof *wave)))
        abort();
    *wave = (struct wave){.session = session,
                          .queries = session->asked,
                          .tenant = session->context.tenant,
                          .deadline_us = session->deadline_us,
                          .opens = opens,
                          .ends = ends};
    return wave;
}

static void wave_free(struct database *database, struct wave *wave)
{
    wave->next = database->spare;
    database->spare = wave;
}

void waves_destroy(struct database *database)
{
    assert(database->queue_count == 0);
    while (database->spare) {
        struct wave *wave = database->spare;
        database->spare = wave->next;
        free(wave);
    }
}

/* --- The readers' queue --- */

void wave_queue(struct database *database, struct wave *wave, bool first)
{
    wave->next = first ? database->queue : NULL;
    if (first)
        database->queue = wave;
    else
        *database->queue_end = wave;
    if (!wave->next)
        database->queue_end = &wave->next;
    database->queue_count++;
    database->gathered = true;
}

static struct wave *unqueue_first(struct database *database)
{
    struct wave *wave = database->queue;
    database->queue = wave->next;
    if (!database->queue)
        database->queue_end = &database->queue;
    database->queue_count--;
    return wave;
}

void wave_abandon(struct database *database, struct wave *wave)
{
    wave->session = NULL;
    wave->queries = NULL;
    if (wave->answers_left > 0)
        return; /* freed with its last answer */
    struct wave **at = &database->queue;
    while (*at != wave)
        at = &(*at)->next;
    *at = wave->next;
    if (!wave->next)
        database->queue_end = at;
    database->queue_count--;
    wave_free(database, wave);
}

static void wave_done(struct database *database, struct wave *wave)
{
    struct session *session = wave->session;
    if (session) {
        session->wave = NULL;
        fiber_wake(session->fiber);
    }
    wave_free(database, wave);
}

void waves_fail(struct database *database)
{
    while (database->queue) {
        struct wave *wave = unqueue_first(database);
        session_fail(wave->session, DB_UNAVAILABLE, "", "");
        wave_done(database, wave);
    }
}

/* --- Sending --- */

/* Statements that this server process has not seen yet, each parsed once, in a group of their own:
 * an error of somebody's query must not make the server skip them. */
static bool prepare_missing(struct link *link, const struct wave *wave)
{
    bool sent = false;
    for (const struct query *query = wave->queries; query; query = query->next) {
        if (!link->prepared[query->statement->plan->place]) {
            link_prepare(link, query->statement);
            sent = true;
        }
    }
    return sent;
}

static bool prepare_own(struct link *link, enum own_statement own)
{
    if (link->prepared[own_statements[own].plan->place])
        return false;
    link_prepare(link, &own_statements[own]);
    return true;
}

static void prepare_end(struct link *link)
{
    link_sync(link, (struct answer){.deadline_us = monotonic_us() + LINK_SETTLE_MS * 1000});
    link->groups++;
}

static void send_own(struct link *link, struct wave *wave, enum own_statement own,
                     enum answer_kind kind, struct str parameter)
{
    const char *value = parameter.data ? parameter.data : "";
    int size = (int)parameter.size;
    struct query query = {.statement = &own_statements[own], .values = &value, .sizes = &size};
    link_query(link, &query,
               (struct answer){.kind = kind,
                               .wave = wave,
                               .statement = query.statement,
                               .deadline_us = wave->deadline_us});
    wave->answers_left++;
}

static void send_queries(struct link *link, struct wave *wave)
{
    for (struct query *query = wave->queries; query; query = query->next) {
        link_query(link, query,
                   (struct answer){.kind = ANSWER_QUERY,
                                   .wave = wave,
                                   .query = query,
                                   .statement = query->statement,
                                   .deadline_us = wave->deadline_us});
        wave->answers_left++;
    }
    link->database->counts.waves++;
}

/* Up to `most` waves as one transaction. A tenant that is set already is not set again. */
static void send_group(struct link *link, size_t most)
{
    struct database *database = link->database;
    bool prepared = prepare_own(link, OWN_TENANT);
    size_t count = 0;
    for (struct wave *wave = database->queue; wave && count < most; wave = wave->next) {
        if (wave->alone && count > 0)
            break;
        prepared = prepare_missing(link, wave) || prepared;
        count++;
        if (wave->alone)
            break;
    }
    if (prepared)
        prepare_end(link);
    struct answer sync = {0};
    struct str tenant = STR(""); /* a transaction begins without one */
    for (size_t i = 0; i < count; i++) {
        struct wave *wave = unqueue_first(database);
        struct str wanted = wave->tenant.data ? wave->tenant : STR("");
        if (!str_equal(tenant, wanted))
            send_own(link, wave, OWN_TENANT, ANSWER_PLAIN, wanted);
        tenant = wanted;
        send_queries(link, wave);
        if (wave->deadline_us > sync.deadline_us)
            sync.deadline_us = wave->deadline_us;
    }
    link_sync(link, sync);
    link->groups++;
    link->waves += count;
    link_flush(link);
}

static struct link *least_loaded(struct database *database)
{
    struct link *best = NULL;
    for (size_t i = 0; i < database->readers; i++) {
        struct link *link = &database->links[i];
        if (link->state != LINK_OPEN || link->broken || link->groups >= GROUPS_MOST)
            continue;
        if (!best || link->groups < best->groups ||
            (link->groups == best->groups && link->waves < best->waves))
            best = link;
    }
    return best;
}

void waves_send(struct database *database)
{
    size_t open = 0;
    for (size_t i = 0; i < database->readers; i++)
        open += database->links[i].state == LINK_OPEN;
    struct link *link;
    while (database->queue && (link = least_loaded(database))) {
        if (link->groups > 0)
            pool_grow(database, false);
        size_t share = (database->queue_count + open - 1) / open;
        share = share < GROUP_LEAST ? GROUP_LEAST : share > GROUP_MOST ? GROUP_MOST : share;
        send_group(link, share);
    }
    if (database->queue)
        pool_grow(database, false);
}

/* A transaction of one wave is the implicit one that its Sync commits. One of several begins and
 * ends explicitly, with a Sync after each wave: so the server's own timeout ends it when this
 * process is stopped in between. */
void wave_send_writer(struct link *link, struct wave *wave)
{
    bool begins = wave->opens && !wave->ends, commits = wave->ends && !wave->opens;
    bool prepared = wave->opens && prepare_own(link, OWN_TENANT);
    prepared = (begins && prepare_own(link, OWN_BEGIN)) || prepared;
    prepared = (commits && prepare_own(link, OWN_COMMIT)) || prepared;
    if (prepare_missing(link, wave) || prepared)
        prepare_end(link);
    if (begins)
        send_own(link, wave, OWN_BEGIN, ANSWER_PLAIN, STR_NONE);
    if (wave->opens)
        send_own(link, wave, OWN_TENANT, ANSWER_PLAIN, wave->tenant);
    send_queries(link, wave);
    if (commits)
        send_own(link, wave, OWN_COMMIT, ANSWER_COMMIT, STR_NONE);
    link_sync(link, (struct answer){.wave = wave, .deadline_us = wave->deadline_us});
    wave->answers_left++;
    link_flush(link);
}

void wave_roll_back(struct link *link)
{
    struct answer answer = {.kind = ANSWER_PLAIN,
                            .deadline_us = monotonic_us() + LINK_SETTLE_MS * 1000};
    struct query query = {.statement = &own_statements[OWN_ROLLBACK]};
    if (prepare_own(link, OWN_ROLLBACK))
        prepare_end(link);
    link_query(link, &query, answer);
    link_sync(link, answer);
    link_flush(link);
    link->database->counts.rollbacks++;
}

/* --- Answers --- */

static void decode_failed(struct session *session, const struct query *query, const char *message,
                          const char *column)
{
    log_error(message, LOG_CSTR("statement", query->statement->name), LOG_CSTR("column", column));
    session_fail(session, DB_BUG, "", "");
}

static void decode_row(struct session *session, const struct query *query, const PGresult *result,
                       int row, void *target)
{
    const struct row_plan *plan = query->row;
    const Oid *types = query->statement->plan->columns;
    memcpy(target, plan->blank, plan->model->size);
    for (int column = 0; column < PQnfields(result); column++) {
        bool null = PQgetisnull(result, row, column);
        if (!codec_decode(session->arena, plan->fields[column], target, types[column],
                          null ? NULL : PQgetvalue(result, row, column),
                          (size_t)PQgetlength(result, row, column))) {
            decode_failed(session, query, "a value of the database cannot be read",
                          plan->fields[column]->column);
            return;
        }
    }
}

static void take_rows(struct session *session, const struct query *query, const PGresult *result)
{
    size_t count = (size_t)PQntuples(result), size = query->output.model->size;
    char *items = arena_array(session->arena, count, size);
    for (size_t i = 0; i < count; i++)
        decode_row(session, query, result, (int)i, items + i * size);
    *query->list = (struct list){items, count};
}

static void take_result(struct session *session, const struct query *query, PGresult *result)
{
    if (query->row && (size_t)PQnfields(result) != query->statement->plan->column_count) {
        decode_failed(session, query, "a statement answers other columns than it said", "");
        return;
    }
    switch (query->take) {
    case TAKE_NOTHING:
        return;
    case TAKE_COUNT:
        *query->affected = strtoll(PQcmdTuples(result), NULL, 10);
        return;
    case TAKE_ROWS:
        take_rows(session, query, result);
        return;
    case TAKE_ROW:
        *query->found = PQntuples(result) > 0;
        if (PQntuples(result) > 1)
            decode_failed(session, query, "a statement for one row answers several", "");
        else if (*query->found)
            decode_row(session, query, result, 0, query->output.data);
        return;
    }
}

/* Says which statement the database refuses, without any value. */
static void log_refusal(const struct answer *answer, const PGresult *result)
{
    const struct statement *statement = answer->statement; /* NULL at a Sync */
    const char *message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    log_error("the database refused a statement",
              LOG_CSTR("statement", statement ? statement->name : ""),
              LOG_CSTR("sqlstate", fault_sqlstate(result)), LOG_CSTR("message", message));
}

void wave_error(struct link *link, const struct answer *answer, const PGresult *result)
{
    const char *sqlstate = fault_sqlstate(result);
    const char *constraint = PQresultErrorField(result, PG_DIAG_CONSTRAINT_NAME);
    enum db_fault_kind kind = fault_kind(sqlstate, !link->writer);
    struct wave *wave = answer->wave;
    if (answer->kind == ANSWER_QUERY && strcmp(sqlstate, "26000") == 0 && !wave->alone &&
        !link->writer) {
        wave->aborted = true; /* its Parse was skipped: once more */
        link->prepared[answer->statement->plan->place] = false;
        return;
    }
    if (kind == DB_BUG)
        log_refusal(answer, result);
    if (answer->kind == ANSWER_PREPARE || answer->kind == ANSWER_DESCRIBE) {
        link->prepared[answer->statement->plan->place] = false;
        if (link->state == LINK_DESCRIBING && kind == DB_BUG)
            exit(EXIT_FAILURE); /* the line above is all there is to say */
        if (link->state == LINK_DESCRIBING)
            link_break(link, PQresultErrorMessage(result));
    } else if (wave && wave->session) {
        session_fail(wave->session, kind, sqlstate, constraint ? constraint : "");
    } else if (!wave) {
        link_break(link, PQresultErrorMessage(result)); /* ROLLBACK */
    }
}

/* The last answer of a wave was read. */
static void wave_end(struct link *link, struct wave *wave)
{
    struct database *database = link->database;
    struct session *session = wave->session;
    if (!link->writer)
        link->waves--;
    if (session && wave->aborted && session->fault.kind == DB_OK) {
        if (!link->writer && !wave->alone) {
            wave->aborted = false;
            wave->alone = true;
            wave_queue(database, wave, true);
            return;
        }
        session_fail(session, DB_BUG, "", "");
    }
    wave_done(database, wave);
}

/* The server skipped it because of an error before. */
static void skipped(struct link *link, const struct answer *answer)
{
    if (answer->wave)
        answer->wave->aborted = true;
    if (answer->kind == ANSWER_PREPARE)
        link->prepared[answer->statement->plan->place] = false;
}

static void succeeded(const struct answer *answer, PGresult *result)
{
    struct session *session = answer->wave ? answer->wave->session : NULL;
    if (answer->kind == ANSWER_DESCRIBE)
        plan_describe(answer->statement, result);
    else if (answer->kind == ANSWER_QUERY && session)
        take_result(session, answer->query, result);
    else if (answer->kind == ANSWER_COMMIT && session && strcmp(PQcmdStatus(result), "COMMIT") != 0)
        session_fail(session, DB_BUG, "", "");
}

void wave_answer(struct link *link, const struct answer *answer, PGresult *result)
{
    struct wave *wave = answer->wave;
    ExecStatusType status = PQresultStatus(result);
    if (status == PGRES_FATAL_ERROR)
        wave_error(link, answer, result);
    else if (status == PGRES_PIPELINE_ABORTED)
        skipped(link, answer);
    else if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK)
        succeeded(answer, result);
    else if (answer->kind != ANSWER_SYNC)
        link_break(link, "the connection answers what was not asked");
    bool group = answer->kind == ANSWER_SYNC && !wave;
    if (group && link->groups > 0)
        link->groups--;
    if (wave && --wave->answers_left == 0)
        wave_end(link, wave);
    if (answer->kind == ANSWER_SYNC && link_quiet(link) && !link->broken) {
        link->since_us = monotonic_us();
        if (link->state == LINK_DESCRIBING)
            pool_link_described(link);
        else if (link->writer && !link->owner)
            pool_link_quiet(link);
    }
}

/* A reader's wave is asked once more on another link. A writer's is lost with its transaction,
 * unless it was to commit: then nobody knows, except when the server said before the end of it
 * that it ends the connection. */
static void wave_lost(struct link *link, struct wave *wave, bool commit_unknown)
{
    struct database *database = link->database;
    if (wave->session && wave->session->fault.kind == DB_OK) {
        if (!link->writer && !wave->repeated) {
            wave->repeated = true;
            wave->aborted = false;
            wave_queue(database, wave, true);
            return;
        }
        session_fail(wave->session, commit_unknown ? DB_LOST : DB_UNAVAILABLE, "", "");
    }
    wave_done(database, wave);
}

void waves_lost(struct link *link)
{
    bool first = true, told_early = false;
    while (link->answer_count > 0) {
        struct answer answer = link_pop(link);
        if (first)
            told_early = link->told && answer.kind != ANSWER_SYNC && answer.kind != ANSWER_COMMIT;
        first = false;
        struct wave *wave = answer.wave;
        if (wave && --wave->answers_left == 0)
            wave_lost(link, wave, wave->ends && !told_early);
    }
}
