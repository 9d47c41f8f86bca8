/* Events of svc-goals. KPIs and progress in a goal's event may be outdated, so they are not read.
 */
#include "event.h"
#include "event_types.h"
#include "feed.h"
#include "goals.h"
#include "lookup.h"
#include "projection.h"
#include "queries.h"

/* --- Goals --- */

struct goal_projection {
    struct uuid id;
    int64_t version;
    struct str title, intent, owner_id, horizon, status;
    struct timestamp start_date, due_date, completed_at, cancelled_at, created_at;
};
static const struct field goal_projection_fields[] = {
    COLUMN(goal_projection, id),
    COLUMN(goal_projection, version),
    FIELD(goal_projection, title, "title", .flags = FIELD_REQUIRED),
    FIELD(goal_projection, intent, "intent"),
    FIELD(goal_projection, owner_id, "ownerId", .flags = FIELD_REQUIRED),
    FIELD(goal_projection, horizon, "horizon", .flags = FIELD_REQUIRED),
    FIELD(goal_projection, status, "status", .flags = FIELD_REQUIRED),
    FIELD(goal_projection, start_date, "startDate"),
    FIELD(goal_projection, due_date, "dueDate"),
    FIELD(goal_projection, completed_at, "completedAt"),
    FIELD(goal_projection, cancelled_at, "cancelledAt"),
    FIELD(goal_projection, created_at, "createdAt", .flags = FIELD_REQUIRED),
};
const struct model goal_projection_model =
    MODEL("GoalProjection", goal_projection, goal_projection_fields);

static void put_goal(struct op *op, const struct event *event, enum feed_type type,
                     struct str words)
{
    struct goal_projection goal;

    if (!op_body(op, AS(goal_projection, &goal)))
        return;
    goal.id = event->entity;
    goal.version = event->version;
    if (type == FEED_GOAL_CREATED)
        feed_add(op, event, type, FEED_GOAL, goal.id, words);
    else
        feed_add_goal(op, event, goal.status, words);
    sql_exec(op, GOAL_PUT, AS(goal_projection, &goal));
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
    sql_exec(op, GOAL_DELETE, AS(row_id, &(struct row_id){event->entity}));
}

/* --- Strategies --- */

struct strategy_projection {
    struct uuid id;
    int64_t version;
    struct uuid goal_id;
    struct str title, description, status; /* without a title in events of release 1.0.0 */
    int64_t order_index;
    int64_t goal_version; /* of the goal with that change; absent in events of release 1.0.0 */
};
static const struct field strategy_projection_fields[] = {
    COLUMN(strategy_projection, id),
    COLUMN(strategy_projection, version),
    FIELD(strategy_projection, goal_id, "goalId", .flags = FIELD_REQUIRED),
    FIELD(strategy_projection, title, "title"),
    FIELD(strategy_projection, description, "description", .flags = FIELD_REQUIRED),
    FIELD(strategy_projection, status, "status", .flags = FIELD_REQUIRED),
    FIELD(strategy_projection, order_index, "order", .flags = FIELD_REQUIRED),
    FIELD(strategy_projection, goal_version, "goalVersion"),
};
const struct model strategy_projection_model =
    MODEL("StrategyProjection", strategy_projection, strategy_projection_fields);

static void put_strategy(struct op *op, const struct event *event, enum feed_type type,
                         struct str words)
{
    struct strategy_projection strategy;

    if (!op_body(op, AS(strategy_projection, &strategy)))
        return;
    strategy.id = event->entity;
    strategy.version = event->version;
    sql_exec(op, event->snapshot ? STRATEGY_RESTORE : STRATEGY_PUT,
             AS(strategy_projection, &strategy));
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
    sql_exec(op, STRATEGY_DELETE, AS(row_id, &(struct row_id){event->entity}));
    feed_delete(op, event->entity);
}

struct order_projection {
    struct uuid goal_id;
    struct uuids strategy_ids;
    int64_t goal_version;
};
static const struct field order_projection_fields[] = {
    FIELD(order_projection, goal_id, "goalId", .flags = FIELD_REQUIRED),
    FIELD(order_projection, strategy_ids, "strategyIds", .flags = FIELD_REQUIRED, .max = 1e6),
    COLUMN(order_projection, goal_version),
};
static const struct model order_projection_model =
    MODEL("OrderProjection", order_projection, order_projection_fields);

static void strategies_reordered(struct op *op, const struct event *event)
{
    struct order_projection order;

    if (!op_body(op, AS(order_projection, &order)))
        return;
    order.goal_version = event->version; /* it is an event of the goal */
    sql_exec(op, STRATEGIES_ORDER, AS(order_projection, &order));
}

/* --- Entries that people write. System entries repeat what has an event of its own --- */

struct entry_projection {
    struct uuid goal_id;
    struct str type, title, text;
};
static const struct field entry_projection_fields[] = {
    FIELD(entry_projection, goal_id, "goalId", .flags = FIELD_REQUIRED),
    FIELD(entry_projection, type, "type"),
    FIELD(entry_projection, title, "title"),
    FIELD(entry_projection, text, "text"),
};
static const struct model entry_projection_model =
    MODEL("EntryProjection", entry_projection, entry_projection_fields);

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
    struct entry_projection entry;

    if (!op_body(op, AS(entry_projection, &entry)))
        return;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (str_equal(entry.type, str_of(kinds[i].type)))
            feed_add_entry(op, event, kinds[i].feed, entry.goal_id, str_of(kinds[i].words),
                           kinds[i].feed != FEED_DECISION_MADE ? STR_NONE
                           : entry.title.size > 0              ? entry.title
                                                               : entry.text);
}

void goals_project(struct op *op, struct consumed_event *event)
{
    static const struct projection table[] = {
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
        {EVENT_PERSON_UPDATED, person_told},
        {NULL, NULL},
    };

    projection_apply(op, event, table, SERVICE_GOALS);
}
