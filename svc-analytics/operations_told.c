/* Events of svc-operations. */
#include "event.h"
#include "event_types.h"
#include "feed.h"
#include "lookup.h"
#include "queries.h"
#include "told.h"

/* --- Actions --- */

struct connections_told {
    struct uuids goal_ids;
};
static const struct field connections_told_fields[] = {
    FIELD(connections_told, goal_ids, "goalIds", .most = 1e6),
};
static const struct model connections_told_model =
    MODEL("ConnectionsTold", connections_told, connections_told_fields);

/* causedBy: the change came from the issue or action at the other end of a link, which has its own
 * entry in the feed. */
struct action_told {
    struct uuid id, caused_by;
    int64_t version;
    struct str title, status, priority, assigned_person_id;
    struct timestamp due_date, completed_at;
    struct connections_told connections;
};
static const struct field action_told_fields[] = {
    COLUMN(action_told, id),
    COLUMN(action_told, version),
    FIELD(action_told, caused_by, "causedBy"),
    FIELD(action_told, title, "title", .flags = FIELD_REQUIRED),
    FIELD(action_told, status, "status", .flags = FIELD_REQUIRED),
    FIELD(action_told, priority, "priority"),
    FIELD(action_told, assigned_person_id, "assignedPersonId"),
    FIELD(action_told, due_date, "dueDate"),
    FIELD(action_told, completed_at, "completedAt"),
    OBJECT(action_told, connections, "connections", &connections_told_model, .flags = 0),
    FIELD_AS(action_told, connections.goal_ids, "goal_ids", .flags = FIELD_INTERNAL),
};
const struct model action_told_model = MODEL("ActionTold", action_told, action_told_fields);

static void put_action(struct op *op, const struct event *event, enum feed_type type,
                       struct str words)
{
    struct action_told action;

    if (!op_body(op, AS(action_told, &action)))
        return;
    action.id = event->entity;
    action.version = event->version;
    if (uuid_is_none(action.caused_by))
        feed_add_action(op, event, type, str_equal(action.status, STR("completed")), words);
    sql_exec(op, ACTION_PUT, AS(action_told, &action));
}

static void action_created(struct op *op, const struct event *event)
{
    put_action(op, event, FEED_ACTION_CREATED, STR("Created the action"));
}

static void action_updated(struct op *op, const struct event *event)
{
    put_action(op, event, FEED_ACTION_UPDATED, STR("Changed the action"));
}

static void action_deleted(struct op *op, const struct event *event)
{
    sql_exec(op, ACTION_FORGET, AS(row_id, &(struct row_id){event->entity}));
    feed_forget(op, event->entity);
}

/* --- Issues --- */

struct config_told {
    struct uuid id;
    struct str name, category;
};
static const struct field config_told_fields[] = {
    FIELD(config_told, id, "id"),
    FIELD(config_told, name, "name"),
    FIELD(config_told, category, "category"),
};
static const struct model config_told_model = MODEL("ConfigTold", config_told, config_told_fields);

struct issue_told {
    struct uuid id, caused_by;
    int64_t version;
    struct str title, priority, reporter_id, assigned_person_id;
    struct config_told type, status;
    struct timestamp created_at;
};
static const struct field issue_told_fields[] = {
    COLUMN(issue_told, id),
    COLUMN(issue_told, version),
    FIELD(issue_told, caused_by, "causedBy"),
    FIELD(issue_told, title, "title", .flags = FIELD_REQUIRED),
    FIELD(issue_told, priority, "priority"),
    FIELD(issue_told, reporter_id, "reporterId"),
    FIELD(issue_told, assigned_person_id, "assignedPersonId"),
    OBJECT(issue_told, type, "type", &config_told_model, .flags = 0),
    OBJECT(issue_told, status, "status", &config_told_model, .flags = 0),
    FIELD(issue_told, created_at, "createdAt", .flags = FIELD_REQUIRED),
    FIELD_AS(issue_told, type.id, "type_id", .flags = FIELD_INTERNAL),
    FIELD_AS(issue_told, type.name, "type_name", .flags = FIELD_INTERNAL),
    FIELD_AS(issue_told, status.id, "status_id", .flags = FIELD_INTERNAL),
    FIELD_AS(issue_told, status.name, "status_name", .flags = FIELD_INTERNAL),
    FIELD_AS(issue_told, status.category, "category", .flags = FIELD_INTERNAL),
};
const struct model issue_told_model = MODEL("IssueTold", issue_told, issue_told_fields);

static void put_issue(struct op *op, const struct event *event, enum feed_type type,
                      struct str words)
{
    struct issue_told issue;

    if (!op_body(op, AS(issue_told, &issue)))
        return;
    issue.id = event->entity;
    issue.version = event->version;
    sql_exec(op, ISSUE_PUT, AS(issue_told, &issue));
    if (uuid_is_none(issue.caused_by))
        feed_add(op, event, type, FEED_ISSUE, issue.id, words);
}

static void issue_created(struct op *op, const struct event *event)
{
    put_issue(op, event, FEED_ISSUE_CREATED, STR("Reported the issue"));
}

static void issue_updated(struct op *op, const struct event *event)
{
    put_issue(op, event, FEED_ISSUE_UPDATED, STR("Changed the issue"));
}

static void issue_deleted(struct op *op, const struct event *event)
{
    sql_exec(op, ISSUE_FORGET, AS(row_id, &(struct row_id){event->entity}));
    feed_forget(op, event->entity);
}

/* --- Names of types and statuses, which issues show as they are now --- */

static void name_issues(struct op *op, const struct event *event, struct statement *statement)
{
    struct config_told config;

    if (!op_body(op, AS(config_told, &config)))
        return;
    config.id = event->entity;
    if (config.name.data)
        sql_exec(op, statement, AS(config_told, &config));
}

static void type_updated(struct op *op, const struct event *event)
{
    name_issues(op, event, ISSUE_TYPE_NAMED);
}

static void status_updated(struct op *op, const struct event *event)
{
    name_issues(op, event, ISSUE_STATUS_NAMED);
}

/* action.completed repeats what action.updated has said. */
void operations_told(struct op *op, struct consumed_event *event)
{
    static const struct told table[] = {
        {EVENT_ACTION_CREATED, action_created},
        {EVENT_ACTION_UPDATED, action_updated},
        {EVENT_ACTION_DELETED, action_deleted},
        {EVENT_ISSUE_CREATED, issue_created},
        {EVENT_ISSUE_UPDATED, issue_updated},
        {EVENT_ISSUE_DELETED, issue_deleted},
        {EVENT_ISSUE_TYPE_UPDATED, type_updated},
        {EVENT_ISSUE_STATUS_UPDATED, status_updated},
        {NULL, NULL},
    };

    told_apply(op, event, table, SERVICE_OPERATIONS);
}
