/* Runs a handler in its transaction, commits, and retries where that can help. An answer is sent
 * only after the commit. */
#include <assert.h>

#include "event_path.h"
#include "fiber.h"
#include "op_state.h"
#include "timestamp.h"

enum {
    ATTEMPTS_MAX = 3,   /* after deadlocks and lost races for a key */
    LOST_PAUSE_MS = 50, /* while the database comes back */
};

/* The end of one attempt: everything is committed and state->reply true, or nothing is and the op
 * has failed. */
static void finish(struct op *op)
{
    struct op_state *state = op->state;

    op_valid(op); /* a handler may have left it at op_invalid */
    if (!state->failed && !state->replied) {
        log_error("a handler neither answered nor failed",
                  LOG_CSTR("handler", op->operation->name));
        op_fail(op, STATUS_INTERNAL_ERROR);
    }
    if (!state->failed && op->session && (op->operation->flags & OPERATION_WRITES)) {
        idempotency_before_commit(op);
        if (session_commit(op->session) != DB_OK)
            op_database_fault(op);
        if (state->has_events)
            events_notify(op->process); /* also when nobody knows whether it was carried out */
    }
    if (op->session)
        session_end(&op->session);
}

/* A commit whose answer was lost may have happened. With a command id the operation is run again,
 * and the key's row decides. Otherwise the outcome is unknown, so the caller gets 504, not 503. */
static bool waits_for_database(struct op *op)
{
    struct op_state *state = op->state;
    int64_t pause_us = LOST_PAUSE_MS * INT64_C(1000);

    if (monotonic_us() + pause_us < state->pending->deadline_us) {
        fiber_sleep(LOST_PAUSE_MS);
        return true;
    }
    op_reset(op);
    return op_fail(op, STATUS_UPSTREAM_TIMEOUT);
}

static bool runs_again(struct op *op, int attempt)
{
    struct op_state *state = op->state;

    if (state->fault == DB_LOST && state->keyed)
        state->unknown = true;
    if (state->unknown && (state->fault == DB_LOST || state->fault == DB_UNAVAILABLE))
        return waits_for_database(op);
    if (attempt >= ATTEMPTS_MAX && !state->unknown)
        return false;
    /* A connection that was lost before the commit has committed nothing. */
    if (state->fault == DB_RETRY ||
        (state->fault == DB_UNAVAILABLE && database_ready(op->process->database)))
        return true;
    /* A failure ahead of the key's row may be an effect of the first run, or of what has changed
     * since: a client's key is answered as it was then. */
    bool client = op->request->command_source == COMMAND_CLIENT;
    bool behind = (state->fault == DB_CONSTRAINT || client) && !state->key_asked;
    return state->keyed && (state->key_taken || behind) && idempotency_settle(op);
}

void op_run(struct op *op, void (*run)(struct op *op))
{
    int attempt = 0;

    do {
        op_reset(op);
        run(op);
        op_calls_finish(op);
        finish(op);
        attempt++;
    } while (op->state->failed && runs_again(op, attempt));
    op_follow_up(op);
    op_large_end(op);
}
