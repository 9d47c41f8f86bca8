/* What svc-goals gives for snapshots: goals, strategies, the ids of deleted ones, which other
 * services keep so that nothing is linked to them, and names of people. Feeds are history, which no
 * snapshot has. */
#include "entities.h"
#include "event_types.h"
#include "goal_handlers.h"
#include "goal_kpis.h"
#include "goal_rules.h"
#include "goals.h"
#include "people.h"
#include "queries.h"

static bool goals_read(struct op *op, const struct entities_query *query, struct entities *page)
{
    struct entities_query key = *query;
    struct list rows = {NULL, 0};

    if (!sql_rows(op, GOALS_AFTER, AS(entities_query, &key), &goal_model, &rows))
        return false;
    struct goal *goals = rows.items;
    goals_compute(goals, rows.count);
    for (size_t i = 0; i < rows.count; i++)
        entities_add_bound(op, page, EVENT_GOAL_UPDATED, goals[i].id, &goals[i].record,
                           goal_told(&goals[i]));
    if (rows.count > 0)
        entities_end(page, query, rows.count, goals[rows.count - 1].id);
    return true;
}

/* By goals, and all of a goal's in one statement with the goal's version: what changes one of them
 * may move the others, so a consumer has to know which events they have seen. A goal without
 * strategies is a row without an id. */
static bool strategies_read(struct op *op, const struct entities_query *query,
                            struct entities *page)
{
    struct entities_query key = *query;
    struct list rows = {NULL, 0};

    if (!sql_rows(op, STRATEGIES_AFTER, AS(entities_query, &key), &strategy_event_model, &rows))
        return false;
    struct strategy *strategies = rows.items;
    for (size_t i = 0; i < rows.count; i++)
        if (!uuid_is_none(strategies[i].id))
            entities_add_bound(op, page, EVENT_STRATEGY_UPDATED, strategies[i].id,
                               &strategies[i].record,
                               (struct bound){&strategy_event_model, &strategies[i]});
    if (rows.count > 0) /* the page may end for its bytes */
        page->next = strategies[rows.count - 1].goal_id;
    return true;
}

static bool deleted_goals_read(struct op *op, const struct entities_query *query,
                               struct entities *page)
{
    return entities_add_deleted(op, query, DELETED_GOALS_AFTER, EVENT_GOAL_DELETED, page);
}

static bool deleted_strategies_read(struct op *op, const struct entities_query *query,
                                    struct entities *page)
{
    return entities_add_deleted(op, query, DELETED_STRATEGIES_AFTER, EVENT_STRATEGY_DELETED, page);
}

static bool people_read(struct op *op, const struct entities_query *query, struct entities *page)
{
    struct entities_query key = *query;
    struct list rows = {NULL, 0};

    if (!sql_rows(op, PEOPLE_AFTER, AS(entities_query, &key), &person_model, &rows))
        return false;
    struct person *people = rows.items;
    for (size_t i = 0; i < rows.count; i++) {
        struct record record = {.version = people[i].version,
                                .updated_at = people[i].updated_at,
                                .updated_by = people[i].id};
        entities_add_bound(op, page, EVENT_PERSON_UPDATED, people[i].entity, &record,
                           AS(person, &people[i]));
    }
    if (rows.count > 0)
        entities_end(page, query, rows.count, people[rows.count - 1].entity);
    return true;
}

void entities_after(struct op *op)
{
    static const struct entity_kind kinds[] = {
        {"goals", goals_read},
        {"strategies", strategies_read},
        {"deletedGoals", deleted_goals_read},
        {"deletedStrategies", deleted_strategies_read},
        {"people", people_read},
        {NULL, NULL},
    };

    entities_answer(op, kinds);
}

void tenants_after(struct op *op)
{
    tenants_answer(op, TENANTS_AFTER);
}
