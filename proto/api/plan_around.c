/* A path of at most five points. */
#include "plan_around.h"

#include <math.h>

enum { SIDES = 2, POINTS_MAX = 2 * SIDES + 1 };

static size_t points_of(const struct plan_point *before, const struct plan_point *after,
                        struct plan_point points[SIDES])
{
    size_t count = 0;

    if (!timestamp_is_none(before->day))
        points[count++] = *before;
    if (!timestamp_is_none(after->day))
        points[count++] = *after;
    return count;
}

double plan_around_expected(const struct plan_around *around, struct timestamp day)
{
    struct plan_point targets[SIDES], anchors[SIDES], room[POINTS_MAX];
    struct plan_parts parts = {
        .method = around->method, .start = around->start, .targets = targets, .anchors = anchors};

    if (timestamp_is_none(day))
        return (double)NAN;
    parts.target_count = points_of(&around->target_before, &around->target_after, targets);
    parts.anchor_count = points_of(&around->anchor_before, &around->anchor_after, anchors);
    struct plan_path path = plan_path_of(&parts, room);
    return plan_expected(&path, day);
}
