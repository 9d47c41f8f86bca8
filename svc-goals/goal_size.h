/* How large a goal may become with its strategies, in bytes of its answer. KPIs are resources of
 * their own, which a goal shows at most GOAL_KPIS_MAX of. */
#ifndef TRACTION_GOAL_SIZE_H
#define TRACTION_GOAL_SIZE_H

#include "goals.h"
#include "op.h"

enum {
    GOAL_STRATEGIES_MAX = 200,
    GOAL_BYTES_MAX = 4 << 20,
    /* Of these for what the goal has besides strategies: title, intent, description, tags and
     * metadata of maximum length take 70 KiB. */
    GOAL_OWN_BYTES = 96 << 10,
};

/* A goal's strategies; read under its lock. */
struct strategies_total {
    int64_t count;
    int64_t bytes; /* of their texts */
    int64_t goal_version;
};
extern const struct model strategies_total_model;

/* Whether the goal has room for one more, or for `strategy` in place of `before`, which may be
 * NULL; else adds the fault. What became larger before there was a limit may still become smaller.
 */
bool strategy_fits(struct op *op, const struct strategies_total *total,
                   const struct strategy *before, const struct strategy *strategy);

#endif
