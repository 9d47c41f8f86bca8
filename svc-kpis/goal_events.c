/* Events of svc-goals. A goal was deleted: its links go with it, and no new one is made. A strategy
 * was changed or deleted: links show its title, or stay without it. */
#include "event.h"
#include "event_types.h"
#include "kpi_handlers.h"
#include "lookup.h"
#include "queries.h"

struct deleted_goal {
    struct uuid goal_id;
};
static const struct field deleted_goal_fields[] = {COLUMN(deleted_goal, goal_id)};
static const struct model deleted_goal_model = MODEL("Gone", deleted_goal, deleted_goal_fields);

struct told_strategy {
    struct uuid id;
    int64_t version;
    struct str name; /* events of older releases have none: how the description begins */
    struct str description;
};
static const struct field told_strategy_fields[] = {
    COLUMN(told_strategy, id),
    COLUMN(told_strategy, version),
    FIELD(told_strategy, name, "name"),
    FIELD(told_strategy, description, "description"),
};
static const struct model told_strategy_model =
    MODEL("ToldStrategy", told_strategy, told_strategy_fields);

static void goal_deleted(struct op *op, const struct event *event)
{
    struct deleted_goal goal = {event->entity};

    sql_exec(op, GOAL_LINKS_ADVISORY_LOCK, AS(deleted_goal, &goal));
    sql_exec(op, GOAL_DELETED_ADD, AS(deleted_goal, &goal));
    sql_exec(op, LINKS_OF_GOAL_DELETE, AS(deleted_goal, &goal));
}

static void strategy_updated(struct op *op, const struct event *event)
{
    struct told_strategy strategy;

    if (!op_body(op, AS(told_strategy, &strategy)))
        return;
    strategy.id = event->entity;
    strategy.version = event->version;
    sql_exec(op, STRATEGY_CHANGED, AS(told_strategy, &strategy));
}

/* The links have no events of that: who keeps their strategies hears of the strategy's end. */
static void strategy_deleted(struct op *op, const struct event *event)
{
    struct told_strategy strategy = {.id = event->entity, .version = event->version};

    sql_exec(op, STRATEGY_LINKS_ADVISORY_LOCK, AS(told_strategy, &strategy));
    sql_exec(op, STRATEGY_DELETED, AS(told_strategy, &strategy));
    sql_exec(op, LINKS_OF_STRATEGY_CLEAR, AS(told_strategy, &strategy));
}

void goal_event_apply(struct op *op, struct consumed_event *event)
{
    static const struct {
        const char *type;
        void (*apply)(struct op *op, const struct event *event);
    } table[] = {
        {EVENT_GOAL_DELETED, goal_deleted},
        {EVENT_STRATEGY_UPDATED, strategy_updated},
        {EVENT_STRATEGY_DELETED, strategy_deleted},
        {EVENT_PERSON_UPDATED, person_told},
    };

    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (str_equal(event->event.type, str_of(table[i].type)))
            table[i].apply(op, &event->event);
}
