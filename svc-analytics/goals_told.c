/* Events of svc-goals. KPIs and progress in a goal's event may be outdated, so they are not read.
 */
#include "event.h"
#include "event_types.h"
#include "feed.h"
#include "goals.h"
#include "lookup.h"
#include "queries.h"
#include "told.h"

/* --- Goals --- */

struct goal_told {
    struct uuid id;
    int64_t version;
    struct str title, owner_id, horizon, status;
    struct timestamp due_date, completed_at, created_at;
};
static const struct field goal_told_fields[] = {
    COLUMN(goal_told, id),
    COLUMN(goal_told, version),
    FIELD(goal_told, title, "title", .flags = FIELD_REQUIRED),
    FIELD(goal_told, owner_id, "ownerId", .flags = FIELD_REQUIRED),
    FIELD(goal_told, horizon, "horizon", .flags = FIELD_REQUIRED),
    FIELD(goal_told, status, "status", .flags = FIELD_REQUIRED),
    FIELD(goal_told, due_date, "dueDate"),
    FIELD(goal_told, completed_at, "completedAt"),
    FIELD(goal_told, created_at, "createdAt", .flags = FIELD_REQUIRED),
};
const struct model goal_told_model = MODEL("GoalTold", goal_told, goal_told_fields);

static void put_goal(struct op *op, const struct event *event, enum feed_type type,
                     struct str words)
{
    struct goal_told goal;

    if (!op_body(op, AS(goal_told, &goal)))
        return;
    goal.id = event->entity;
    goal.version = event->version;
    if (type == FEED_GOAL_CREATED)
        feed_add(op, event, type, FEED_GOAL, goal.id, words);
    else
        feed_add_goal(op, event, goal.status, words);
    sql_exec(op, GOAL_PUT, AS(goal_told, &goal));
}

static void goal_created(struct op *op, const struct event *event)
{
    put_goal(op, event, FEED_GOAL_CREATED, STR("Created the goal"));
}

static void goal_updated(struct op *op, const struct event *event)
{
    put_goal(op, event, FEED_GOAL_UPDATED, STR("Changed the goal"));
}

static void goal_activated(struct op *op, const struct event *event)
{
    put_goal(op, event, FEED_GOAL_UPDATED, STR("Started the goal"));
}

static void goal_paused(struct op *op, const struct event *event)
{
    put_goal(op, event, FEED_GOAL_UPDATED, STR("Paused the goal"));
}

static void goal_completed(struct op *op, const struct event *event)
{
    put_goal(op, event, FEED_GOAL_UPDATED, STR("Completed the goal"));
}

static void goal_cancelled(struct op *op, const struct event *event)
{
    put_goal(op, event, FEED_GOAL_UPDATED, STR("Cancelled the goal"));
}

static void goal_deleted(struct op *op, const struct event *event)
{
    sql_exec(op, GOAL_FORGET, AS(row_id, &(struct row_id){event->entity}));
}

/* --- Strategies --- */

struct strategy_told {
    struct uuid id;
    int64_t version;
    struct uuid goal_id;
    struct str description, status;
    int64_t order_index;
};
static const struct field strategy_told_fields[] = {
    COLUMN(strategy_told, id),
    COLUMN(strategy_told, version),
    FIELD(strategy_told, goal_id, "goalId", .flags = FIELD_REQUIRED),
    FIELD(strategy_told, description, "description", .flags = FIELD_REQUIRED),
    FIELD(strategy_told, status, "status", .flags = FIELD_REQUIRED),
    FIELD(strategy_told, order_index, "order", .flags = FIELD_REQUIRED),
};
const struct model strategy_told_model = MODEL("StrategyTold", strategy_told, strategy_told_fields);

static void put_strategy(struct op *op, const struct event *event, enum feed_type type,
                         struct str words)
{
    struct strategy_told strategy;

    if (!op_body(op, AS(strategy_told, &strategy)))
        return;
    strategy.id = event->entity;
    strategy.version = event->version;
    sql_exec(op, STRATEGY_PUT, AS(strategy_told, &strategy));
    feed_add(op, event, type, FEED_STRATEGY, strategy.id, words);
}

static void strategy_created(struct op *op, const struct event *event)
{
    put_strategy(op, event, FEED_STRATEGY_ADDED, STR("Added the strategy"));
}

static void strategy_updated(struct op *op, const struct event *event)
{
    put_strategy(op, event, FEED_STRATEGY_UPDATED, STR("Changed the strategy"));
}

static void strategy_deleted(struct op *op, const struct event *event)
{
    sql_exec(op, STRATEGY_FORGET, AS(row_id, &(struct row_id){event->entity}));
    feed_forget(op, event->entity);
}

struct order_told {
    struct uuid goal_id;
    struct uuids strategy_ids;
};
static const struct field order_told_fields[] = {
    FIELD(order_told, goal_id, "goalId", .flags = FIELD_REQUIRED),
    FIELD(order_told, strategy_ids, "strategyIds", .flags = FIELD_REQUIRED, .most = 1e6),
};
static const struct model order_told_model = MODEL("OrderTold", order_told, order_told_fields);

static void strategies_reordered(struct op *op, const struct event *event)
{
    struct order_told order;

    (void)event;
    if (op_body(op, AS(order_told, &order)))
        sql_exec(op, STRATEGIES_ORDER, AS(order_told, &order));
}

/* --- Entries that people write. System entries repeat what has an event of its own --- */

struct entry_told {
    struct uuid goal_id;
    struct str type;
};
static const struct field entry_told_fields[] = {
    FIELD(entry_told, goal_id, "goalId", .flags = FIELD_REQUIRED),
    FIELD(entry_told, type, "type"),
};
static const struct model entry_told_model = MODEL("EntryTold", entry_told, entry_told_fields);

static void entry_created(struct op *op, const struct event *event)
{
    static const struct {
        const char *type;
        enum feed_type feed;
        const char *words;
    } kinds[] = {
        {"weekly_review", FEED_REVIEW_ADDED, "Reviewed the week of the goal"},
        {"note", FEED_NOTE_ADDED, "Wrote a note on the goal"},
        {"decision", FEED_DECISION_MADE, "Recorded a decision on the goal"},
        {"attachment", FEED_ATTACHMENT_ADDED, "Attached something to the goal"},
    };
    struct entry_told entry;

    if (!op_body(op, AS(entry_told, &entry)))
        return;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (str_equal(entry.type, str_of(kinds[i].type)))
            feed_add(op, event, kinds[i].feed, FEED_GOAL, entry.goal_id, str_of(kinds[i].words));
}

void goals_told(struct op *op, struct consumed_event *event)
{
    static const struct told table[] = {
        {EVENT_GOAL_CREATED, goal_created},
        {EVENT_GOAL_UPDATED, goal_updated},
        {EVENT_GOAL_ACTIVATED, goal_activated},
        {EVENT_GOAL_PAUSED, goal_paused},
        {EVENT_GOAL_COMPLETED, goal_completed},
        {EVENT_GOAL_CANCELLED, goal_cancelled},
        {EVENT_GOAL_DELETED, goal_deleted},
        {EVENT_STRATEGY_CREATED, strategy_created},
        {EVENT_STRATEGY_UPDATED, strategy_updated},
        {EVENT_STRATEGY_DELETED, strategy_deleted},
        {EVENT_STRATEGY_REORDERED, strategies_reordered},
        {EVENT_ACTIVITY_CREATED, entry_created},
        {EVENT_DECISION_CREATED, entry_created},
        {EVENT_ATTACHMENT_CREATED, entry_created},
        {NULL, NULL},
    };

    told_apply(op, event, table, SERVICE_GOALS);
}
