/* Answers to batches: passes results to the waiting sessions, and repeats a reader's batch that was
 * aborted by an error in another batch or by a lost connection. It must not use a batch's queries
 * once its session has ended: they were freed with the session's arena. */
#include "batch_answer.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "batch.h"
#include "log.h"
#include "pg_codec.h"
#include "pg_fault.h"
#include "timestamp.h"

/* --- Rows --- */

static void decode_failed(struct session *session, const struct db_query *query,
                          const char *message, const char *column)
{
    log_error(message, LOG_CSTR("statement", query->statement->name), LOG_CSTR("column", column));
    session_fail(session, DB_BUG, "", "");
}

static void decode_row(struct session *session, const struct db_query *query,
                       const PGresult *result, int row, void *target)
{
    const struct row_plan *plan = query->row;
    const Oid *types = query->statement->plan->columns;

    assert(plan); /* a query for rows has one before it is sent */
    memcpy(target, plan->blank, plan->model->size);
    for (int column = 0, count = PQnfields(result); column < count; column++) {
        if (PQgetisnull(result, row, column))
            continue; /* as it is in the blank one */
        if (!codec_decode(session->arena, plan->fields[column], target, types[column],
                          PQgetvalue(result, row, column),
                          (size_t)PQgetlength(result, row, column))) {
            decode_failed(session, query, "a value of the database cannot be read",
                          plan->fields[column]->column);
            return;
        }
    }
}

static void take_rows(struct session *session, const struct db_query *query, const PGresult *result)
{
    size_t count = (size_t)PQntuples(result), size = query->output.model->size;
    char *items = arena_array(session->arena, count, size);
    for (size_t i = 0; i < count; i++)
        decode_row(session, query, result, (int)i, items + i * size);
    *query->list = (struct list){items, count};
}

/* A large result is there as a whole, but only until the next one of its connection is read. What
 * would stay, in the session's arena, is what is bounded. */
static bool holds_back(struct session *session, const PGresult *result)
{
    if (session->bound > 0) {
        session->taken += PQresultMemorySize(result);
        session->held_back = session->held_back || session->taken > session->bound;
    }
    return session->held_back;
}

static void take_result(struct session *session, const struct db_query *query, PGresult *result)
{
    if (holds_back(session, result))
        return;
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
static void log_refusal(const struct expected_answer *answer, const PGresult *result)
{
    const struct statement *statement = answer->statement; /* NULL at a Sync */
    const char *message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    log_error("the database refused a statement",
              LOG_CSTR("statement", statement ? statement->name : ""),
              LOG_CSTR("sqlstate", fault_sqlstate(result)), LOG_CSTR("message", message));
}

void batch_error(struct db_connection *connection, const struct expected_answer *answer,
                 const PGresult *result)
{
    const char *sqlstate = fault_sqlstate(result);
    const char *constraint = PQresultErrorField(result, PG_DIAG_CONSTRAINT_NAME);
    enum db_fault_kind kind = fault_kind(sqlstate, !connection->writer);
    struct pipeline_batch *batch = answer->batch;
    if (answer->kind == ANSWER_QUERY && strcmp(sqlstate, "26000") == 0 && !batch->alone &&
        !connection->writer) {
        batch->aborted = true; /* its Parse was skipped: once more */
        connection->prepared[answer->statement->plan->index] = false;
        return;
    }
    if (kind == DB_BUG)
        log_refusal(answer, result);
    if (answer->kind == ANSWER_PREPARE || answer->kind == ANSWER_DESCRIBE) {
        connection->prepared[answer->statement->plan->index] = false;
        if (connection->state == CONNECTION_DESCRIBING && kind == DB_BUG)
            exit(EXIT_FAILURE); /* the line above is all there is to say */
        if (connection->state == CONNECTION_DESCRIBING)
            connection_break(connection, PQresultErrorMessage(result));
    } else if (batch && batch->session) {
        session_fail(batch->session, kind, sqlstate, constraint ? constraint : "");
    } else if (!batch) {
        connection_break(connection, PQresultErrorMessage(result)); /* ROLLBACK */
    }
}

/* Since when a reader's session has waited for the server, and not for a connection. */
static void note_sent(const struct db_connection *connection, const struct pipeline_batch *batch)
{
    if (batch->session && !connection->writer)
        batch->session->sent_us = batch->sent_us;
}

/* The last answer of a batch was read. */
static void batch_end(struct db_connection *connection, struct pipeline_batch *batch)
{
    struct database *database = connection->database;
    struct session *session = batch->session;
    note_sent(connection, batch);
    if (!connection->writer) {
        connection->batches--;
        batch_leave(connection, batch);
    }
    if (session && batch->aborted && session->fault.kind == DB_OK) {
        if (!connection->writer && !batch->alone) {
            batch->aborted = false;
            batch->alone = true;
            batch_queue(database, batch);
            return;
        }
        session_fail(session, DB_BUG, "", "");
    }
    batch_done(database, batch);
}

/* The server skipped it because of an error before. */
static void skipped(struct db_connection *connection, const struct expected_answer *answer)
{
    if (answer->batch)
        answer->batch->aborted = true;
    if (answer->kind == ANSWER_PREPARE)
        connection->prepared[answer->statement->plan->index] = false;
}

static void succeeded(const struct expected_answer *answer, PGresult *result)
{
    struct session *session = answer->batch ? answer->batch->session : NULL;
    if (answer->kind == ANSWER_DESCRIBE)
        plan_describe(answer->statement, result);
    else if (answer->kind == ANSWER_QUERY && session)
        take_result(session, answer->query, result);
    else if (answer->kind == ANSWER_COMMIT && session && strcmp(PQcmdStatus(result), "COMMIT") != 0)
        session_fail(session, DB_BUG, "", "");
}

void batch_answer(struct db_connection *connection, const struct expected_answer *answer,
                  PGresult *result)
{
    struct pipeline_batch *batch = answer->batch;
    ExecStatusType status = PQresultStatus(result);
    if (status == PGRES_FATAL_ERROR)
        batch_error(connection, answer, result);
    else if (status == PGRES_PIPELINE_ABORTED)
        skipped(connection, answer);
    else if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK)
        succeeded(answer, result);
    else if (answer->kind != ANSWER_SYNC)
        connection_break(connection, "the connection answers what was not asked");
    bool group = answer->kind == ANSWER_SYNC && !batch;
    if (group && connection->groups > 0)
        connection->groups--;
    if (batch && --batch->answers_left == 0)
        batch_end(connection, batch);
}

/* A reader's batch is sent once more on another connection. A writer's is lost with its
 * transaction; if it was to commit, the outcome is unknown, except when the server announced before
 * its end that it closes the connection. */
static void batch_lost(struct db_connection *connection, struct pipeline_batch *batch,
                       bool commit_unknown)
{
    struct database *database = connection->database;
    note_sent(connection, batch);
    if (!connection->writer)
        batch_leave(connection, batch);
    if (batch->session && batch->session->fault.kind == DB_OK) {
        if (!connection->writer && !batch->repeated) {
            batch->repeated = true;
            batch->aborted = false;
            batch_queue(database, batch);
            return;
        }
        session_fail(batch->session, commit_unknown ? DB_LOST : DB_UNAVAILABLE, "", "");
    }
    batch_done(database, batch);
}

void batches_lost(struct db_connection *connection)
{
    bool first = true, closed_early = false;
    while (connection->answer_count > 0) {
        struct expected_answer answer = connection_pop(connection);
        if (first)
            closed_early = connection->closing_notice && answer.kind != ANSWER_SYNC &&
                           answer.kind != ANSWER_COMMIT;
        first = false;
        struct pipeline_batch *batch = answer.batch;
        if (batch && --batch->answers_left == 0)
            batch_lost(connection, batch, batch->ends && !closed_early);
    }
}
