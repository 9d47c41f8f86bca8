/* Faults of requests.
 *
 * Places: "operation before commit", "operation after commit".
 * Mistakes: "acknowledge-before-commit" answers whatever becomes of the commit. */
#include "faults.h"
#include "fiber.h"
#include "op_state.h"

void __real_op_run(struct op *op, void (*run)(struct op *op));
void __wrap_op_run(struct op *op, void (*run)(struct op *op));
void __real_idempotency_before_commit(struct op *op);
void __wrap_idempotency_before_commit(struct op *op);

void __wrap_op_run(struct op *op, void (*run)(struct op *op))
{
    fault_crash(op->operation->name);
    __real_op_run(op, run);
}

static void before(struct session *session, void *argument)
{
    (void)argument;
    fault_point("operation before commit");
    if (fault_planted("acknowledge-before-commit") && session_wait(session) == DB_OK)
        fiber_sleep(30);
}

static int after(struct session *session, int outcome, void *argument)
{
    enum db_fault_kind kind = session_fault(session)->kind;

    (void)argument;
    if ((kind == DB_LOST || kind == DB_UNAVAILABLE) && fault_planted("acknowledge-before-commit"))
        outcome = DB_OK;
    fault_point("operation after commit");
    return outcome;
}

/* The last statement of a writing operation. */
void __wrap_idempotency_before_commit(struct op *op)
{
    __real_idempotency_before_commit(op);
    fault_on_commit(op->session, &(struct fault_commit){before, after, NULL});
}
