/* Which of a goal's links is the primary one. It is moved under the goal's lock; the index
 * links_primary allows one of a goal. */
#ifndef TRACTION_LINK_PRIMARY_H
#define TRACTION_LINK_PRIMARY_H

#include "goals.h"
#include "op.h"

/* The goal's primary link is that no longer: writes and tells it. Before another is given it. */
void primary_drop(struct op *op, struct goal_kpi *link);
/* The link becomes the goal's primary one. */
void primary_give(struct op *op, struct goal_kpi *link);

#endif
