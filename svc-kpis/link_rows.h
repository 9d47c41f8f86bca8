/* One link of a goal to a KPI: the parameters of its statements, finding it, and its events. */
#ifndef TRACTION_LINK_ROWS_H
#define TRACTION_LINK_ROWS_H

#include "goals.h"
#include "link_goals.h"
#include "op.h"

/* What the statements about one link take. */
struct link {
    struct uuid id, goal_id, kpi_id; /* kpi_id: in lookups the KPI's id or the link's */
    struct uuid strategy_id;
    double threshold, risk_threshold, baseline_value, target_value;
    bool is_primary;
    bool threshold_named, risk_named, baseline_named, target_named, strategy_named;
};
extern const struct model link_model;

/* The goal and the KPI or link of the path; an id that is none is one that nobody has. */
bool link_path(struct op *op, struct link *key);

/* Reads the link that `key` means. Of several faults the first is reported: no such goal, no such
 * KPI, no such link. `there` is what svc-goals says: while it is unavailable, a link proves that
 * its goal exists. */
bool link_find(struct op *op, struct link *key, struct op_call *goal, struct goal_kpi *link);

/* For a change: locks the goal's links. svc-goals has been asked before, so that nobody waits for
 * it while the transaction runs. */
bool link_lock(struct op *op, struct link *key, enum goal_answer there, struct goal_kpi *link);

/* The fault of what cannot be done because svc-goals cannot be asked. */
bool link_goal_unasked(struct op *op);

/* Publishes the link as it is. */
void link_publish(struct op *op, const char *type, struct goal_kpi *link);

#endif
