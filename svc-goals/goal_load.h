/* Rows that several handlers read in the same way. */
#ifndef TRACTION_GOAL_LOAD_H
#define TRACTION_GOAL_LOAD_H

#include "goals.h"
#include "lookup.h"
#include "op.h"

/* The goal's row, locked until the end of the transaction, with its strategies; one round trip.
 * What belongs to svc-kpis is not filled. */
bool goal_lock(struct op *op, struct uuid id, struct goal *goal);
/* Reads the strategies of a page of goals with one statement; `*fit`: they have room in an answer.
 */
bool goals_fill_strategies(struct op *op, struct goal *goals, size_t count, bool *fit);

/* After STRATEGIES_OF_GOALS with ANSWER_SMALL: reads them anew, as one of the few that make large
 * answers, if these are not all. */
bool strategies_complete(struct op *op, struct goal_refs *refs, struct list *rows);

/* What the statements that heed max_bytes count. */
int64_t goals_bytes(const struct list *goals);
int64_t strategies_bytes(const struct list *strategies);

#endif
