/* Field tables of the names of goals and strategies. */
#include "goal_names.h"

#include <stdlib.h>

static const struct field goal_name_fields[] = {
    FIELD(goal_name, id, "id", .doc = "the goal"),
    FIELD(goal_name, title, "title", .doc = "its title"),
    FIELD(goal_name, due_date, "dueDate", .doc = "when it is due"),
    FIELD(goal_name, status, "status", .enum_names = &goal_status_names, .doc = "its status"),
    FIELD(goal_name, intent, "intent", .flags = FIELD_NULL_OMITTED, .doc = "what it is for"),
};
const struct model goal_name_model = MODEL("GoalName", goal_name, goal_name_fields);

static const struct field strategy_name_fields[] = {
    FIELD(strategy_name, id, "id", .doc = "the strategy"),
    FIELD(strategy_name, goal_id, "goalId", .doc = "its goal"),
    FIELD(strategy_name, name, "name", .doc = "its title, or how its description begins"),
    FIELD(strategy_name, version, "version", .doc = "of the strategy"),
};
const struct model strategy_name_model = MODEL("StrategyName", strategy_name, strategy_name_fields);

static const struct field goal_names_fields[] = {
    FIELD(goal_names, goals, "goals", .max = GOAL_REFS_MAX, .model = &goal_name_model,
          .doc = "goals"),
    FIELD(goal_names, strategies, "strategies", .max = GOAL_REFS_MAX, .model = &strategy_name_model,
          .doc = "strategies"),
};
const struct model goal_names_model = MODEL("GoalNames", goal_names, goal_names_fields);

static int compare_names(const void *a, const void *b)
{
    return uuid_compare(((const struct goal_name *)a)->id, ((const struct goal_name *)b)->id);
}

const struct goal_name *goal_name_of(const struct list *goals, struct uuid id)
{
    struct goal_name key = {.id = id};

    return goals->count == 0 ? NULL
                             : bsearch(&key, goals->items, goals->count, sizeof key, compare_names);
}
