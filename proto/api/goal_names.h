/* nameGoals: what goals and strategies are called, for services that show them beside their own.
 * Asked with a struct goal_refs; what does not exist is not answered. */
#ifndef TRACTION_GOAL_NAMES_H
#define TRACTION_GOAL_NAMES_H

#include "goals.h"

struct goal_name {
    struct uuid id;
    struct str title;
    struct timestamp due_date;
    enum goal_status status; /* absent in answers of older releases */
    struct str intent;       /* only of the goal that was asked for as described_id */
};
extern const struct model goal_name_model;

struct strategy_name {
    struct uuid id, goal_id;
    struct str name;
    int64_t version; /* of the strategy that has this name */
};
extern const struct model strategy_name_model;

struct goal_names {
    struct list goals;      /* struct goal_name, by id */
    struct list strategies; /* struct strategy_name */
};
extern const struct model goal_names_model;

/* NULL when it is none of them. */
const struct goal_name *goal_name_of(const struct list *goals, struct uuid id);

#endif
