/* Answers to waves: passes results to the waiting sessions, and repeats a reader's wave that was
 * aborted by an error in another wave or by a lost connection. It must not use a wave's queries
 * once its session has ended: they were freed with the session's arena. */
#include "wave_answer.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "pg_codec.h"
#include "pg_fault.h"
#include "timestamp.h"
#include "wave.h"

/* --- Rows --- */

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

    assert(plan); /* a query for rows has one before it is sent */
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

/* --- Outcomes --- */

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
}

/* A reader's wave is sent once more on another link. A writer's is lost with its transaction; if it
 * was to commit, the outcome is unknown, except when the server announced before its end that it
 * closes the connection. */
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
