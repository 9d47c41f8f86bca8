/* The op's session of the database: begun by the first statement. */
#include "op_state.h"

struct session *op_session(struct op *op)
{
    if (!op->session)
        op->session = session_begin(op->process->database, op->arena,
                                    (op->operation->flags & OPERATION_WRITES) != 0,
                                    &op->state->context, op->state->pending->deadline_us);
    return op->session;
}
