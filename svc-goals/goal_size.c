/* The size of a goal with its strategies. The column json_bytes counts their texts in the same way.
 */
#include "goal_size.h"

/* Of a strategy besides its texts: names of members, ids, status, order, instants. */
enum { STRATEGY_REST_BYTES = 270 };

static const struct field strategies_total_fields[] = {
    COLUMN(strategies_total, count),
    COLUMN(strategies_total, bytes),
    COLUMN(strategies_total, goal_version),
};
const struct model strategies_total_model =
    MODEL("StrategiesTotal", strategies_total, strategies_total_fields);

static int64_t people_bytes(const struct strategy *strategy)
{
    return (int64_t)(json_text_size(strategy->created_by) + json_text_size(strategy->updated_by));
}

static int64_t description_bytes(const struct strategy *strategy)
{
    return (int64_t)json_text_size(strategy->description);
}

bool strategy_fits(struct op *op, const struct strategies_total *total,
                   const struct strategy *before, const struct strategy *strategy)
{
    int64_t count = total->count + (before ? 0 : 1);
    int64_t others = total->bytes + count * STRATEGY_REST_BYTES + people_bytes(strategy);

    if (before)
        others -= description_bytes(before) + people_bytes(before);
    int64_t left = GOAL_BYTES_MAX - GOAL_OWN_BYTES - others;
    if (description_bytes(strategy) <= left ||
        (before && description_bytes(strategy) <= description_bytes(before)))
        return true;
    return op_invalid(op, "description",
                      "would make the goal larger than %d bytes with its strategies; this one may "
                      "have %lld bytes of JSON",
                      GOAL_BYTES_MAX, (long long)(left > 0 ? left : 0));
}
