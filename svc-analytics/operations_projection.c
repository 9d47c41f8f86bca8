/* Events of svc-operations. */
#include "event.h"
#include "event_types.h"
#include "feed.h"
#include "issue_sets.h"
#include "lookup.h"
#include "projection.h"
#include "queries.h"

/* --- Actions --- */

struct connections_projection {
    struct uuids goal_ids, strategy_ids;
};
static const struct field connections_projection_fields[] = {
    FIELD(connections_projection, goal_ids, "goalIds", .max = 1e6),
    FIELD(connections_projection, strategy_ids, "strategyIds", .max = 1e6),
};
static const struct model connections_projection_model =
    MODEL("ConnectionsProjection", connections_projection, connections_projection_fields);

/* causedBy: the change came from the issue or action at the other end of a link, which has its own
 * entry in the feed. */
struct action_projection {
    struct uuid id, caused_by;
    int64_t version;
    struct str title, description, status, priority, assigned_person_id;
    double progress;
    struct timestamp due_date, completed_at, date_entered;
    struct connections_projection connections;
};
static const struct field action_projection_fields[] = {
    COLUMN(action_projection, id),
    COLUMN(action_projection, version),
    FIELD(action_projection, caused_by, "causedBy"),
    FIELD(action_projection, title, "title", .flags = FIELD_REQUIRED),
    FIELD(action_projection, description, "description"),
    FIELD(action_projection, status, "status", .flags = FIELD_REQUIRED),
    FIELD(action_projection, progress, "progress"),
    FIELD(action_projection, priority, "priority"),
    FIELD(action_projection, assigned_person_id, "assignedPersonId"),
    FIELD(action_projection, due_date, "dueDate"),
    FIELD(action_projection, completed_at, "completedAt"),
    FIELD(action_projection, date_entered, "dateEntered"),
    OBJECT(action_projection, connections, "connections", &connections_projection_model,
           .flags = 0),
    FIELD_AS(action_projection, connections.goal_ids, "goal_ids", .flags = FIELD_INTERNAL),
    FIELD_AS(action_projection, connections.strategy_ids, "strategy_ids", .flags = FIELD_INTERNAL),
};
const struct model action_projection_model =
    MODEL("ActionProjection", action_projection, action_projection_fields);

static void put_action(struct op *op, const struct event *event, enum feed_type type,
                       struct str words)
{
    struct action_projection action;

    if (!op_body(op, AS(action_projection, &action)))
        return;
    action.id = event->entity;
    action.version = event->version;
    if (uuid_is_none(action.caused_by))
        feed_add_action(op, event, type, str_equal(action.status, STR("completed")), words);
    sql_exec(op, ACTION_PUT, AS(action_projection, &action));
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
    sql_exec(op, ACTION_DELETE, AS(row_id, &(struct row_id){event->entity}));
    feed_delete(op, event->entity);
}

/* --- Issues --- */

struct config_projection {
    struct uuid id;
    struct str name, category;
};
static const struct field config_projection_fields[] = {
    FIELD(config_projection, id, "id"),
    FIELD(config_projection, name, "name"),
    FIELD(config_projection, category, "category"),
};
static const struct model config_projection_model =
    MODEL("ConfigProjection", config_projection, config_projection_fields);

struct issue_projection {
    struct uuid id, caused_by;
    int64_t version;
    struct str title, impact, priority, reporter_id, assigned_person_id;
    struct config_projection type, status;
    struct timestamp resolved_at, due_date;
    struct timestamp date_reported, created_at; /* reported: absent in events of release 1.0.0 */
};
static const struct field issue_projection_fields[] = {
    COLUMN(issue_projection, id),
    COLUMN(issue_projection, version),
    FIELD(issue_projection, caused_by, "causedBy"),
    FIELD(issue_projection, title, "title", .flags = FIELD_REQUIRED),
    FIELD(issue_projection, impact, "impact"),
    FIELD(issue_projection, priority, "priority"),
    FIELD(issue_projection, reporter_id, "reporterId"),
    FIELD(issue_projection, assigned_person_id, "assignedPersonId"),
    OBJECT(issue_projection, type, "type", &config_projection_model, .flags = 0),
    OBJECT(issue_projection, status, "status", &config_projection_model, .flags = 0),
    FIELD(issue_projection, date_reported, "dateReported"),
    FIELD(issue_projection, resolved_at, "resolvedAt"),
    FIELD(issue_projection, due_date, "dueDate"),
    FIELD(issue_projection, created_at, "createdAt", .flags = FIELD_REQUIRED),
    FIELD_AS(issue_projection, type.id, "type_id", .flags = FIELD_INTERNAL),
    FIELD_AS(issue_projection, type.name, "type_name", .flags = FIELD_INTERNAL),
    FIELD_AS(issue_projection, status.id, "status_id", .flags = FIELD_INTERNAL),
    FIELD_AS(issue_projection, status.name, "status_name", .flags = FIELD_INTERNAL),
    FIELD_AS(issue_projection, status.category, "category", .flags = FIELD_INTERNAL),
};
const struct model issue_projection_model =
    MODEL("IssueProjection", issue_projection, issue_projection_fields);

static bool is_closed(const struct value *status)
{
    return str_equal(value_text(value_get(status, "category")), STR("closed"));
}

/* What a change of the status means to people. */
static struct str moved(const struct value *was, const struct value *is)
{
    if (is_closed(was) && !is_closed(is))
        return STR("Reopened the issue");
    if (str_equal(value_text(value_get(is, "name")), STR("Resolved")))
        return STR("Resolved the issue");
    if (is_closed(is))
        return STR("Closed the issue");
    if (str_equal(value_text(value_get(is, "category")), STR("active")) &&
        !str_equal(value_text(value_get(was, "category")), STR("active")))
        return STR("Started the issue");
    return STR("Changed the issue");
}

/* A field's value before and after; false when it has not changed. */
static bool changed(const struct value *changes, const char *name, const struct value **was,
                    const struct value **is)
{
    const struct value *both = value_get(changes, name);

    if (both->type != VALUE_ARRAY || both->count != 2)
        return false;
    *was = &both->items[0];
    *is = &both->items[1];
    return true;
}

/* An issue that has changed, in words, and why it has its new status or person. */
static struct str words_of(struct op *op, const struct event *event, struct str *reason)
{
    struct value changes;
    const struct value *was, *is;
    struct str words = STR("Changed the issue");

    *reason = STR_NONE;
    if (event->changes.size == 0 || !unpack(op->arena, event->changes, &changes))
        return words;
    if (changed(&changes, "statusReason", &was, &is))
        *reason = value_text(is);
    if (changed(&changes, "status", &was, &is))
        return moved(was, is);
    if (changed(&changes, "assignedPersonId", &was, &is))
        return value_is_null(is) ? STR("Unassigned the issue") : STR("Assigned the issue");
    *reason = STR_NONE;
    return words;
}

static void put_issue(struct op *op, const struct event *event, enum feed_type type,
                      struct str words, struct str reason)
{
    struct issue_projection issue;

    if (!op_body(op, AS(issue_projection, &issue)))
        return;
    issue.id = event->entity;
    issue.version = event->version;
    sql_exec(op, ISSUE_PUT, AS(issue_projection, &issue));
    if (uuid_is_none(issue.caused_by))
        feed_add_issue(op, event, type, words, reason);
}

static void issue_created(struct op *op, const struct event *event)
{
    put_issue(op, event, FEED_ISSUE_CREATED, STR("Reported the issue"), STR_NONE);
}

static void issue_updated(struct op *op, const struct event *event)
{
    struct str reason, words = words_of(op, event, &reason);

    put_issue(op, event, FEED_ISSUE_UPDATED, words, reason);
}

static void issue_deleted(struct op *op, const struct event *event)
{
    sql_exec(op, ISSUE_DELETE, AS(row_id, &(struct row_id){event->entity}));
    feed_delete(op, event->entity);
}

/* One entry however many have moved. Where they are is not kept. */
static void issues_reordered(struct op *op, const struct event *event)
{
    struct issue_order order;

    if (!op_body(op, AS(issue_order, &order)))
        return;
    struct str words = arena_printf(op->arena, "Put %lld issues in order, first",
                                    (long long)order.issue_ids.count);
    feed_add_issue(op, event, FEED_ISSUE_UPDATED, words, STR_NONE);
}

/* --- Names of types and statuses, which issues show as they are now --- */

static void name_issues(struct op *op, const struct event *event, struct statement *statement)
{
    struct config_projection config;

    if (!op_body(op, AS(config_projection, &config)))
        return;
    config.id = event->entity;
    if (config.name.data)
        sql_exec(op, statement, AS(config_projection, &config));
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
void operations_project(struct op *op, struct consumed_event *event)
{
    static const struct projection table[] = {
        {EVENT_ACTION_CREATED, action_created},       {EVENT_ACTION_UPDATED, action_updated},
        {EVENT_ACTION_DELETED, action_deleted},       {EVENT_ISSUE_CREATED, issue_created},
        {EVENT_ISSUE_UPDATED, issue_updated},         {EVENT_ISSUE_REORDERED, issues_reordered},
        {EVENT_ISSUE_DELETED, issue_deleted},         {EVENT_ISSUE_TYPE_UPDATED, type_updated},
        {EVENT_ISSUE_STATUS_UPDATED, status_updated}, {NULL, NULL},
    };

    projection_apply(op, event, table, SERVICE_OPERATIONS);
}
