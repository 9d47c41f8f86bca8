/* The database as handlers see it, and how its faults are answered. A failed op queues no further
 * statements, so handlers need not check after every line. */
#include <assert.h>

#include "op_state.h"

enum { READ_SMALL = 524288 }; /* bytes of rows, as libpq holds them */

/* --- Faults --- */

static bool constraint_fault(struct op *op, const struct db_fault *fault)
{
    const struct constraint_fault *known = op->process->program->constraints;
    struct str name = str_of(fault->constraint);

    if (idempotency_key_taken(op, fault) || consumer_lost_race(fault))
        return op_fail(op, STATUS_CONFLICT);
    for (; known && known->constraint; known++) {
        if (!str_equal(name, str_of(known->constraint)))
            continue;
        const char *message = known->message ? known->message : status_sentence(known->status);
        if (known->status == STATUS_VALIDATION_ERROR && known->field) {
            op_invalid(op, known->field, "%s", message);
            return op_valid(op);
        }
        return op_fail_because(op, known->status, "%s", message);
    }
    log_error("a constraint that no rule expected", LOG_TEXT("constraint", name),
              LOG_CSTR("sqlstate", fault->sqlstate));
    return op_fail(op, STATUS_INTERNAL_ERROR);
}

/* The log has the details. */
static bool bug_fault(struct op *op, const struct db_fault *fault)
{
    const char *wrong = cursor_fault(op, fault);

    if (!wrong)
        return op_fail(op, STATUS_INTERNAL_ERROR);
    op_invalid(op, "after", "%s", wrong);
    return op_valid(op);
}

bool op_database_fault(struct op *op)
{
    const struct db_fault *fault = session_fault(op->session);

    if (op_failed(op))
        return false;
    op->state->fault = fault->kind;
    switch (fault->kind) {
    case DB_OK:
        break;
    case DB_UNAVAILABLE:
        return op_fail(op, STATUS_SERVICE_UNAVAILABLE);
    case DB_TIMEOUT:
    case DB_LOST:
        return op_fail(op, STATUS_UPSTREAM_TIMEOUT);
    case DB_CONSTRAINT:
        return constraint_fault(op, fault);
    case DB_RETRY:
    case DB_LOCKED:
        return op_fail(op, STATUS_CONFLICT);
    case DB_BUG:
        return bug_fault(op, fault);
    }
    assert(!"a fault without a kind");
    return false;
}

/* --- Statements --- */

/* The session, with the key's row ahead of the statement that will be waited for. NULL when the op
 * has failed. */
static struct session *session_to_wait(struct op *op)
{
    if (op_failed(op))
        return NULL;
    idempotency_before_wait(op);
    return op_session(op);
}

/* What all requests may hold is small. One that has read more waits for its turn, and reads the
 * same again. */
static bool read_bounded(struct op *op)
{
    bool large = op->state->large.state == LARGE_RUNS;
    bool own = op->request->tenant.size == 0; /* other services: few, with pages of their own */

    session_bound(op->session, large || own ? 0 : READ_SMALL);
    if (session_takes_long(op->session)) {
        session_abandon_when(op->session, &op->state->pending->cancelled);
        op_watch_caller(op);
    }
    enum db_fault_kind kind = session_wait(op->session);
    if (kind == DB_OK && session_held_back(op->session)) {
        if (!op_large_begin(op))
            return false;
        kind = session_wait_again(op->session);
    }
    return kind == DB_OK || op_database_fault(op);
}

bool sql_wait(struct op *op)
{
    if (op_failed(op))
        return false;
    if (!op->session)
        return true;
    if (!(op->operation->flags & OPERATION_WRITES))
        return read_bounded(op);
    idempotency_before_wait(op);
    return session_wait(op->session) == DB_OK || op_database_fault(op);
}

void sql_queue_row(struct op *op, struct statement *statement, struct bound input,
                   struct bound output, bool *found)
{
    struct session *session = session_to_wait(op);

    *found = false;
    if (session)
        session_queue_row(session, statement, input, output, found);
}

void sql_queue_rows(struct op *op, struct statement *statement, struct bound input,
                    const struct model *model, struct list *list)
{
    struct session *session = session_to_wait(op);

    *list = (struct list){NULL, 0};
    if (session)
        session_queue_rows(session, statement, input, model, list);
}

bool sql_find(struct op *op, struct statement *statement, struct bound input, struct bound output,
              bool *found)
{
    sql_queue_row(op, statement, input, output, found);
    return sql_wait(op);
}

bool sql_row(struct op *op, struct statement *statement, struct bound input, struct bound output)
{
    bool found;

    if (!sql_find(op, statement, input, output, &found))
        return false;
    return found || op_fail(op, op->operation->not_found);
}

bool sql_rows(struct op *op, struct statement *statement, struct bound input,
              const struct model *model, struct list *list)
{
    sql_queue_rows(op, statement, input, model, list);
    return sql_wait(op);
}

void sql_exec(struct op *op, struct statement *statement, struct bound input)
{
    assert(op->operation->flags & OPERATION_WRITES);
    if (!op_failed(op))
        session_queue(op_session(op), statement, input);
}

bool sql_read_unlocked(struct op *op, struct statement *statement, struct bound input,
                       struct bound output, bool *found)
{
    *found = false;
    if (op_failed(op))
        return false;
    assert(!op->session); /* a writing connection would wait meanwhile */
    op->session = session_begin(op->process->database, op->arena, false, &op->state->context,
                                op->state->pending->deadline_us);
    session_queue_row(op->session, statement, input, output, found);
    bool good = session_wait(op->session) == DB_OK || op_database_fault(op);
    session_end(&op->session);
    return good;
}
