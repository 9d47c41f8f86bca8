/* Rows that several handlers read in the same way. */
#ifndef TRACTION_GOAL_LOAD_H
#define TRACTION_GOAL_LOAD_H

#include "goals.h"
#include "lookup.h"
#include "op.h"

/* The goal's row, locked until the end of the transaction, with its strategies; one round trip.
 * What belongs to svc-kpis is not filled. */
bool goal_lock(struct op *op, struct uuid id, struct goal *goal);
/* Reads the strategies of a page of goals with one statement. */
bool goals_fill_strategies(struct op *op, struct goal *goals, size_t count);

#endif
