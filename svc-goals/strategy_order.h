/* The order of a goal's strategies: 1 to n without gaps. Callers hold the goal's row lock. */
#ifndef TRACTION_STRATEGY_ORDER_H
#define TRACTION_STRATEGY_ORDER_H

#include "goals.h"
#include "op.h"

/* Each queues one statement that moves the others of the goal. */

/* Makes room for `strategy` at its order; `count` is how many there are without it. */
void order_insert(struct op *op, const struct strategy *strategy, int64_t count);
/* Closes the gap that `strategy` leaves; `count` is how many there were with it. */
void order_remove(struct op *op, const struct strategy *strategy, int64_t count);
/* Moves those between the place that `strategy` had and the one it has now. */
void order_move(struct op *op, int64_t from, const struct strategy *strategy);

#endif
