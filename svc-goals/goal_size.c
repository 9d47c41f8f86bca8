/* The size of a goal with its strategies. The columns json_bytes and details_bytes count their
 * texts in the same way. */
#include "goal_size.h"

enum {
    /* Of a strategy besides its texts: names of members, ids, status, order, score, instants. */
    STRATEGY_REST_BYTES = 470,
    OWNER_NAME_BYTES = 2000, /* kept for an owner's name, which may become known later */
    TAG_BYTES = 3,           /* quotes and comma */
};

static const struct field strategies_total_fields[] = {
    COLUMN(strategies_total, count),
    COLUMN(strategies_total, bytes),
    COLUMN(strategies_total, goal_version),
};
const struct model strategies_total_model =
    MODEL("StrategiesTotal", strategies_total, strategies_total_fields);

/* Without quotes. */
static int64_t bytes_of(struct str text)
{
    return (int64_t)json_text_size(text) - 2;
}

/* Of all that the caller may say, and of who said it. */
static int64_t text_bytes(const struct strategy *strategy)
{
    int64_t bytes = bytes_of(strategy->title) + bytes_of(strategy_name(strategy)) +
                    bytes_of(strategy->description) + bytes_of(strategy->validation_feedback) +
                    bytes_of(strategy->owner_id) + bytes_of(strategy->created_by) +
                    bytes_of(strategy->updated_by);

    if (strategy->owner_id.data)
        bytes += OWNER_NAME_BYTES;
    for (size_t i = 0; i < strategy->tags.count; i++)
        bytes += bytes_of(strategy->tags.items[i]) + TAG_BYTES;
    return bytes;
}

/* The longer of the texts that may be long is to blame. */
static const char *longest(const struct strategy *strategy)
{
    return strategy->validation_feedback.size > strategy->description.size ? "validationFeedback"
                                                                           : "description";
}

bool strategy_fits(struct op *op, const struct strategies_total *total,
                   const struct strategy *before, const struct strategy *strategy)
{
    int64_t count = total->count + (before ? 0 : 1);
    int64_t others = total->bytes - (before ? text_bytes(before) : 0);
    int64_t left = GOAL_BYTES_MAX - GOAL_OWN_BYTES - count * STRATEGY_REST_BYTES - others;

    if (text_bytes(strategy) <= left || (before && text_bytes(strategy) <= text_bytes(before)))
        return true;
    return op_invalid(op, longest(strategy),
                      "would make the goal larger than %d bytes with its strategies; this one may "
                      "have %lld bytes of JSON",
                      GOAL_BYTES_MAX, (long long)(left > 0 ? left : 0));
}
