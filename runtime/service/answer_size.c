/* How large an answer may be: TRACTION_MAX_ANSWER. What would be larger is refused before it is
 * built. The gateway measures the JSON itself; here it is msgpack, or the bytes of rows, which are
 * not more than that. */
#include "config.h"
#include "op_state.h"
#include "owner.h"

int64_t op_answer_max(void)
{
    return config_int(CONFIG_MAX_ANSWER);
}

bool op_too_large(struct op *op, const char *field)
{
    return op_invalid(op, field,
                      "would make an answer of more than %lld bytes; ask for fewer at once",
                      (long long)op_answer_max());
}

bool op_page_too_large(struct op *op, size_t fits)
{
    op_invalid(op, "size",
               "would make an answer of more than %lld bytes; ask for fewer at once, such as %zu",
               (long long)op_answer_max(), fits > 0 ? fits : 1);
    return op_valid(op);
}

bool op_call_too_large(const struct op_call *call)
{
    return call->reached && call->reply.http == status_http(STATUS_VALIDATION_ERROR);
}

/* --- Turns --- */

enum { LARGE_AT_ONCE = 3, KEPT = 1 }; /* one of them for tenants that have none */

/* Of the process; what is static needs no end. */
static struct fair_queue *turns;

static void give_turns(void)
{
    struct fair_item *item;

    while ((item = fair_start_next(turns, 0)) != NULL) {
        struct large_turn *turn = OWNER_OF(item, struct large_turn, item);
        turn->state = LARGE_RUNS;
        if (turn->fiber)
            fiber_wake(turn->fiber);
    }
}

static void begin_waiting(struct op *op)
{
    struct large_turn *turn = &op->state->large;

    if (!turns) {
        turns = fair_queue_new();
        fair_queue_slots(turns, 0, LARGE_AT_ONCE, KEPT);
    }
    turn->state = LARGE_WAITS;
    turn->fiber = NULL;
    fair_add(turns, 0, &turn->item, op->request->tenant);
    give_turns();
    turn->fiber = fiber_self();
}

bool op_large_begin(struct op *op)
{
    struct large_turn *turn = &op->state->large;

    if (op_failed(op))
        return false;
    if (turn->state == LARGE_NONE)
        begin_waiting(op);
    while (turn->state == LARGE_WAITS) {
        if (fiber_park_until(op->state->pending->deadline_us) || turn->state == LARGE_RUNS)
            continue;
        fair_remove(turns, &turn->item);
        turn->state = LARGE_NONE;
        return op_fail(op, STATUS_SERVICE_UNAVAILABLE);
    }
    return true;
}

void op_large_end(struct op *op)
{
    struct large_turn *turn = &op->state->large;

    if (turn->state == LARGE_NONE)
        return;
    fair_done(turns, &turn->item, 1);
    turn->state = LARGE_NONE;
    give_turns();
}
