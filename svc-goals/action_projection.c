/* Actions of svc-operations, as far as they say how far strategies are. Each counts once, whatever
 * is told of it how often: what is not newer than what is known changes nothing. */
#include "event.h"
#include "event_types.h"
#include "goal_handlers.h"
#include "queries.h"

struct action_links_told {
    struct uuids strategy_ids;
};
static const struct field action_links_told_fields[] = {
    FIELD(action_links_told, strategy_ids, "strategyIds", .max = 1e6),
};
static const struct model action_links_told_model =
    MODEL("ActionLinksTold", action_links_told, action_links_told_fields);

struct action_told {
    struct uuid id;
    int64_t version;
    struct str status;
    struct action_links_told connections;
    bool counted, completed; /* what it adds to its strategies */
};
static const struct field action_told_fields[] = {
    COLUMN(action_told, id),
    COLUMN(action_told, version),
    FIELD(action_told, status, "status", .flags = FIELD_REQUIRED),
    OBJECT(action_told, connections, "connections", &action_links_told_model, .flags = 0),
    FIELD_AS(action_told, connections.strategy_ids, "strategy_ids", .flags = FIELD_INTERNAL),
    COLUMN(action_told, counted),
    COLUMN(action_told, completed),
};
static const struct model action_told_model = MODEL("ActionTold", action_told, action_told_fields);

void action_project(struct op *op, struct consumed_event *consumed)
{
    const struct event *event = &consumed->event;
    struct action_told action = {.status = STR_NONE};

    if (!str_equal(event->type, str_of(EVENT_ACTION_DELETED))) {
        if (!op_body(op, AS(action_told, &action)))
            return;
        action.counted = !str_equal(action.status, STR("cancelled"));
        action.completed = str_equal(action.status, STR("completed"));
    }
    action.id = event->entity;
    action.version = event->version;
    sql_exec(op, ACTION_STATE_PUT, AS(action_told, &action));
}
