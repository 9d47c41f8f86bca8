/* Issues into actions and actions into issues. Of several actions all are created or none. */
#include "action_rules.h"
#include "event.h"
#include "event_types.h"
#include "id_sets.h"
#include "issue_change.h"
#include "issue_load.h"
#include "issue_references.h"
#include "issue_rules.h"
#include "issue_sets.h"
#include "lookup.h"
#include "operations_handlers.h"
#include "queries.h"

/* --- An issue into actions --- */

/* The goals, strategies and people of all of them by one statement each. */
struct converted_links {
    struct uuids ids; /* the actions */
    struct uuids goal_ids, strategy_ids;
    struct texts people;
};
static const struct field converted_links_fields[] = {
    COLUMN(converted_links, ids),
    COLUMN(converted_links, goal_ids),
    COLUMN(converted_links, strategy_ids),
    COLUMN(converted_links, people),
};
static const struct model converted_links_model =
    MODEL("ConvertedLinks", converted_links, converted_links_fields);

struct named_person {
    struct str user_id, name;
};
static const struct field named_person_fields[] = {
    COLUMN(named_person, user_id),
    COLUMN(named_person, name),
};
const struct model named_person_model = MODEL("NamedPerson", named_person, named_person_fields);

static void check_drafts(struct op *op, const struct list *drafts)
{
    const struct action_draft *items = drafts->items;

    for (size_t i = 0; i < drafts->count; i++)
        if (timestamp_day_before(items[i].due_date, items[i].start_date))
            op_invalid(op, arena_printf(op->arena, "actions[%zu].dueDate", i).data,
                       "must not be before the start date");
}

/* A due date that the issue had before the action starts is none of the action's. */
static struct timestamp due_of(const struct action_draft *draft, const struct issue *issue)
{
    if (!timestamp_is_none(draft->due_date))
        return draft->due_date;
    return timestamp_day_before(issue->due_date, draft->start_date) ? TIMESTAMP_NONE
                                                                    : issue->due_date;
}

static struct action *actions_of(struct op *op, const struct list *drafts, struct issue *issue)
{
    const struct action_draft *items = drafts->items;
    struct action *actions = arena_array(op->arena, drafts->count, sizeof *actions);

    for (size_t i = 0; i < drafts->count; i++) {
        struct action *action = &actions[i];
        model_clear(AS(action, action));
        action->title = items[i].title;
        action->description = items[i].description;
        action->assigned_person_id = items[i].assigned_person_id;
        action->priority = items[i].priority ? items[i].priority : issue->priority;
        action->start_date = items[i].start_date;
        action->due_date = due_of(&items[i], issue);
        action->estimated_hours = items[i].estimated_hours;
        action->tags = items[i].tags;
        action->connections = issue->connections;
        action->connections.other_ids = (struct uuids){&issue->id, 1};
        action->id = uuid_v7();
        action_defaults(action);
        action_settle(action, NULL, op->now);
        record_create(&action->record, op->now, op->request->user);
    }
    return actions;
}

static bool name_people(struct op *op, struct action *actions, size_t count,
                        struct converted_links *links)
{
    struct list people;

    links->people.items = arena_array(op->arena, count, sizeof *links->people.items);
    for (size_t i = 0; i < count; i++)
        if (actions[i].assigned_person_id.data)
            links->people.items[links->people.count++] = actions[i].assigned_person_id;
    if (links->people.count == 0)
        return true;
    if (!sql_rows(op, PEOPLE_NAMES, AS(converted_links, links), &named_person_model, &people))
        return false;
    const struct named_person *named = people.items;
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < people.count; k++)
            if (str_equal(actions[i].assigned_person_id, named[k].user_id))
                actions[i].assigned_person_name = named[k].name;
    return true;
}

/* Rows, links and events of the actions; one statement for each row waits for nothing. */
static void store(struct op *op, struct action *actions, size_t count,
                  struct converted_links *links)
{
    struct event *events = arena_array(op->arena, count, sizeof *events);

    for (size_t i = 0; i < count; i++) {
        struct buffer data = buffer_in(op->arena, 1024);
        sql_exec(op, ACTION_INSERT, AS(action, &actions[i]));
        model_pack(AS(action, &actions[i]), &data);
        events[i] = (struct event){
            .entity = actions[i].id, .version = actions[i].version, .data = buffer_str(&data)};
    }
    if (links->goal_ids.count > 0)
        sql_exec(op, ACTIONS_GOALS_ADD, AS(converted_links, links));
    if (links->strategy_ids.count > 0)
        sql_exec(op, ACTIONS_STRATEGIES_ADD, AS(converted_links, links));
    op_events_packed(op, EVENT_ACTION_CREATED, events, count);
}

/* The issue has room for the actions, and the plan, too. */
static bool has_room(struct op *op, const struct issue *issue, size_t count)
{
    if (issue->connections.other_ids.count + count > CONNECTIONS_MAX)
        op_invalid(op, "actions", "would be %zu with those that the issue has; %d are allowed",
                   issue->connections.other_ids.count + count, (int)CONNECTIONS_MAX);
    return op_valid(op) && op_limit_many(op, LIMIT_ACTIONS, (int64_t)count, ACTIONS_COUNT, NOTHING);
}

static void save_issue(struct op *op, struct issue *before, struct issue *issue)
{
    issue_settle(issue, before, op->now);
    record_change(&issue->record, op->now, op->request->user);
    sql_exec(op, ISSUE_UPDATE, AS(issue, issue));
    links_save(op, &issue_end, &before->connections, &issue->connections, AS(issue, issue));
    op_event_changed(op, EVENT_ISSUE_UPDATED, issue->id, issue->version, AS(issue, before),
                     AS(issue, issue));
}

/* In the transaction, with the issue locked. */
static void convert(struct op *op, const struct issue_convert *body, struct issue *before,
                    struct issue *issue)
{
    size_t count = body->actions.count;
    struct action *actions = actions_of(op, &body->actions, issue);
    struct converted_links links = {
        .ids = ids_of(op->arena, actions, count, sizeof *actions),
        .goal_ids = issue->connections.goal_ids,
        .strategy_ids = issue->connections.strategy_ids,
    };

    if (!has_room(op, issue, count) || !name_people(op, actions, count, &links))
        return;
    store(op, actions, count, &links);
    issue->connections.other_ids = ids_both(op->arena, issue->connections.other_ids, links.ids);
    save_issue(op, before, issue);
    struct issue_converted answer = {
        .action_ids = links.ids, .actions = {actions, count}, .issue = *issue};
    op_created(op, STR_NONE);
    op_reply(op, AS(issue_converted, &answer), -1);
}

/* POST /api/operations/issues/{issueId}/convert-to-actions */
void issue_to_actions_convert(struct op *op)
{
    struct issue_convert body;
    struct issue before, proposed, issue;
    struct issue_choice choice = {
        .type_field = "typeConfigId", .status_field = "newStatusId", .links_field = "connections."};

    if (!op_gather_body(op, AS(issue_convert, &body)) || !issue_read_unlocked(op, &before))
        return;
    check_drafts(op, &body.actions);
    proposed = before;
    if (!uuid_is_none(body.new_status_id))
        proposed.status_config_id = body.new_status_id;
    if (!issue_look_up(op, &before, &choice, &proposed))
        return;
    links_lock_exclusive(op);
    if (!issue_lock(op, ISSUE_FOR_NO_KEY_UPDATE, &before))
        return;
    issue = before;
    if (!uuid_is_none(body.new_status_id)) {
        issue.status_config_id = body.new_status_id;
        issue.status = uuid_equal(before.status_config_id, body.new_status_id) ? before.status
                                                                               : proposed.status;
    }
    if (issue_secure(op, LINKS_EXCLUSIVE, &before, &choice, &issue))
        convert(op, &body, &before, &issue);
}

/* --- An action into an issue --- */

/* POST /api/operations/issues/create-from-action */
void issue_from_action_create(struct op *op)
{
    struct issue_from_action body;
    struct action action;
    bool found = false;

    model_clear(AS(issue, &body.issue));
    if (!op_gather_body(op, AS(issue_from_action, &body)))
        return;
    struct row_id key = {body.action_id};
    model_clear(AS(action, &action));
    if (!uuid_is_none(key.id) &&
        !sql_read_unlocked(op, ACTION_BY_ID, AS(row_id, &key), AS(action, &action), &found))
        return;
    if (!uuid_is_none(key.id) && !found)
        op_invalid(op, "actionId", "is not an action");
    if (!body.issue.title.data)
        body.issue.title = action.title;
    body.issue.connections = action.connections;
    body.issue.connections.other_ids = (struct uuids){&action.id, found};
    issue_add(op, &body.issue, "", &body.issue.connections);
}
