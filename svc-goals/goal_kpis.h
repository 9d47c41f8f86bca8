/* What is computed in a goal after it was read, and what svc-kpis knows of it: its linked KPIs and
 * the progress that follows from them. */
#ifndef TRACTION_GOAL_KPIS_H
#define TRACTION_GOAL_KPIS_H

#include "goals.h"
#include "op.h"

/* Fills what this service knows alone: the allowed transitions; progress 100 of completed goals, of
 * others null; no KPIs. */
void goals_compute(struct goal *goals, size_t count);

/* The same, and the KPIs and progress of a page of goals. */
void goals_complete(struct op *op, struct goal *goals, size_t count);

#endif
