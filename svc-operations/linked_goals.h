/* Whole goals and strategies, as answers show what is linked to them. */
#ifndef TRACTION_LINKED_GOALS_H
#define TRACTION_LINKED_GOALS_H

#include "goals.h"
#include "op.h"

/* A packed goal or strategy. */
struct found {
    struct uuid id; /* first, for bsearch */
    const struct value *value;
    struct str packed;
};

/* In the order of their ids. */
struct founds {
    struct found *items;
    size_t count;
};

/* NULL when it is not among them. */
struct found *found_by(const struct founds *founds, struct uuid id);

/* Asks for those of the goals and strategies that exist, goals with their KPIs and progress;
 * without them, and the answer is marked as degraded, when svc-kpis could not be asked. `field` is
 * what a fault names when they are too large. Waits for a turn among the few large answers, so not
 * in a transaction. False after a fault. */
bool linked_goals_find(struct op *op, struct goal_find *find, const char *field,
                       struct founds *goals, struct founds *strategies);

/* Asks svc-kpis for the KPIs of up to 500 goals. */
void goal_kpis_start(struct op *op, struct op_call *call, struct uuids goals);
/* False when it has not answered for `count` goals. */
bool goal_kpis_wait(struct op *op, struct op_call *call, size_t count);

#endif
