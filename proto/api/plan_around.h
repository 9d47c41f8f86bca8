/* What a plan expects on one day, from the points on both sides of that day alone. */
#ifndef TRACTION_PLAN_AROUND_H
#define TRACTION_PLAN_AROUND_H

#include "plan_path.h"

/* Of a KPI, around the day of its newest reading. A point without a day is none. */
struct plan_around {
    enum interpolation method;
    struct plan_point start; /* left is its value; as in struct plan_parts */
    struct plan_point target_before,
        target_after; /* left is the value; before: that day included */
    struct plan_point anchor_before, anchor_after;
};

/* Its rows in the field table of a struct that has it as `around`: columns of SQL alone. */
/* clang-format off */
#define PLAN_AROUND_COLUMN(type_, path_, name_) \
    FIELD_AS(type_, path_, name_, .flags = FIELD_INTERNAL)
#define PLAN_AROUND_COLUMNS(type_) \
    FIELD_AS(type_, around.method, "interpolation_method", .flags = FIELD_INTERNAL, \
             .enum_names = &interpolation_names), \
    PLAN_AROUND_COLUMN(type_, around.start.left, "start_value"), \
    PLAN_AROUND_COLUMN(type_, around.start.day, "start_day"), \
    PLAN_AROUND_COLUMN(type_, around.target_before.day, "target_before_day"), \
    PLAN_AROUND_COLUMN(type_, around.target_before.left, "target_before_value"), \
    PLAN_AROUND_COLUMN(type_, around.target_after.day, "target_after_day"), \
    PLAN_AROUND_COLUMN(type_, around.target_after.left, "target_after_value"), \
    PLAN_AROUND_COLUMN(type_, around.anchor_before.day, "anchor_before_day"), \
    PLAN_AROUND_COLUMN(type_, around.anchor_before.left, "anchor_before_left"), \
    PLAN_AROUND_COLUMN(type_, around.anchor_before.right, "anchor_before_right"), \
    PLAN_AROUND_COLUMN(type_, around.anchor_before.straight, "anchor_before_straight"), \
    PLAN_AROUND_COLUMN(type_, around.anchor_after.day, "anchor_after_day"), \
    PLAN_AROUND_COLUMN(type_, around.anchor_after.left, "anchor_after_left"), \
    PLAN_AROUND_COLUMN(type_, around.anchor_after.right, "anchor_after_right"), \
    PLAN_AROUND_COLUMN(type_, around.anchor_after.straight, "anchor_after_straight")
/* clang-format on */

/* E(day). NaN without a plan or a day. */
double plan_around_expected(const struct plan_around *around, struct timestamp day);

#endif
