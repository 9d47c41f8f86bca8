/* The computed parts of a goal: its allowed transitions, and from svc-kpis its linked KPIs and its
 * progress. */
#ifndef TRACTION_GOAL_KPIS_H
#define TRACTION_GOAL_KPIS_H

#include "goals.h"
#include "op.h"

/* Fills what this service knows alone: the allowed transitions; progress 100 of completed goals, of
 * others null; no KPIs. */
void goals_compute(struct goal *goals, size_t count);

/* The call for a page's KPIs. To be started as soon as the ids are known, so that it is answered
 * while this service's own statements run. */
struct goal_kpis {
    struct uuids goal_ids;
    struct op_call call;
};
void goal_kpis_ask(struct op *op, struct goal_kpis *asked, struct uuids goal_ids);
/* The same of one goal. */
void goal_kpis_ask_one(struct op *op, struct goal_kpis *asked, struct uuid goal_id);

/* goals_compute, and the KPIs and progress, for which it waits. Without svc-kpis the answer is
 * marked as degraded, and false. `goals` are those that were asked for, in the same order. */
bool goals_complete(struct op *op, struct goal_kpis *asked, struct goal *goals, size_t count);

#endif
