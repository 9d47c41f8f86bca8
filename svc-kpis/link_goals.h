/* What svc-kpis asks svc-goals: whether goals exist. */
#ifndef TRACTION_LINK_GOALS_H
#define TRACTION_LINK_GOALS_H

#include "op.h"

/* Begins to ask for one goal. */
void goal_ask(struct op *op, struct op_call *call, struct uuid goal);
enum goal_answer { GOAL_UNKNOWN, GOAL_THERE, GOAL_UNASKED };
/* Waits for it; GOAL_UNASKED when svc-goals cannot be asked. */
enum goal_answer goal_wait(struct op *op, struct op_call *call);

/* Whether any of the goals exists; false when svc-goals cannot be asked. */
bool goals_exist(struct op *op, struct uuids goals, bool *any);

#endif
