/* Rows that several handlers read in the same way. */
#ifndef TRACTION_GOAL_LOAD_H
#define TRACTION_GOAL_LOAD_H

#include "bounded_rows.h"
#include "goals.h"
#include "lookup.h"
#include "op.h"

/* The goal's row, locked until the end of the transaction, with its strategies; one round trip.
 * What belongs to svc-kpis is not filled. */
bool goal_lock(struct op *op, struct uuid id, struct goal *goal);
/* Reads the strategies of a page of goals with one statement. `max` and `*fit` as of bounded rows.
 */
bool goals_fill_strategies(struct op *op, struct goal *goals, size_t count, int64_t max, bool *fit);

/* Reading the strategies of refs->goal_ids, or, by their own ids, refs->strategy_ids; and the rows
 * of refs->goal_ids. `refs` lives as long as the reading. */
struct bounded_rows strategies_of_goals(struct goal_refs *refs);
struct bounded_rows strategies_by_ids(struct goal_refs *refs);
struct bounded_rows goals_by_ids(struct goal_refs *refs);

#endif
