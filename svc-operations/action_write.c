/* Creating, changing and deleting actions. What an action refers to is looked up before the
 * transaction begins; the change then locks its row, so changes of one action are serialised and
 * the version counts them. */
#include "action_change.h"
#include "action_load.h"
#include "action_rules.h"
#include "event_types.h"
#include "links.h"
#include "lookup.h"
#include "operations_handlers.h"
#include "queries.h"

/* ACTION_REFERENCES */
struct action_references {
    struct str assigned_person_name;
    struct uuids issue_ids; /* those that exist */
};
static const struct field action_references_fields[] = {
    COLUMN(action_references, assigned_person_name),
    COLUMN(action_references, issue_ids),
};
const struct model action_references_model =
    MODEL("ActionReferences", action_references, action_references_fields);

/* Checks what the action is linked to, by lists that stand at `where` in the body, and finds its
 * person's name. False after a fault, those in the body included. */
static bool look_up(struct op *op, const char *where, const struct connections *before,
                    struct action *action)
{
    struct links_asked asked = {
        .end = &action_end, .where = where, .before = before, .after = &action->connections};
    struct action_references references = {STR_NONE, {NULL, 0}};
    bool found;

    links_ask(op, &asked);
    if ((action->assigned_person_id.data || action->connections.other_ids.count > 0) &&
        !sql_read_unlocked(op, ACTION_REFERENCES, AS(action, action),
                           AS(action_references, &references), &found))
        return false;
    action->assigned_person_name = references.assigned_person_name;
    return links_judge(op, &asked, references.issue_ids);
}

/* A separate event, so that consumers interested in completion need not compare statuses. */
static void publish(struct op *op, const char *type, struct action *before, struct action *action)
{
    bool was = before && before->status == ACTION_COMPLETED;

    if (before)
        op_event_changed(op, type, action->id, action->version, AS(action, before),
                         AS(action, action));
    else
        op_event(op, type, action->id, action->version, AS(action, action));
    if (action->status == ACTION_COMPLETED && !was)
        op_event(op, EVENT_ACTION_COMPLETED, action->id, action->version, AS(action, action));
}

static void create(struct op *op, const char *where, struct action *action)
{
    action_defaults(action);
    action_settle(action, NULL, op->now);
    action_check(op, action);
    if (!look_up(op, where, &no_connections, action))
        return;
    links_unique(op, &action->connections);
    enum links_lock lock = links_lock(op, true, &no_connections, &action->connections);
    if (!links_secure(op, &action_end, where, lock, &no_connections, &action->connections) ||
        !op_limit(op, LIMIT_ACTIONS, ACTIONS_COUNT, NOTHING))
        return;
    action->id = uuid_v7();
    record_create(&action->record, op->now, op->request->user);
    sql_exec(op, ACTION_INSERT, AS(action, action));
    links_save(op, &action_end, &no_connections, &action->connections, AS(action, action));
    publish(op, EVENT_ACTION_CREATED, NULL, action);
    links_publish_others(op, &action_end, action->id, &no_connections, &action->connections);
    op_created(op, location_of(op, "/api/operations/actions/", action->id));
    op_reply(op, AS(action, action), action->version);
}

/* POST /api/operations/actions: without links and limits the transaction waits for nothing but its
 * commit. */
void action_create(struct op *op)
{
    struct action action;

    if (op_gather_body(op, AS(action, &action)))
        create(op, "connections.", &action);
}

/* POST /api/operations/actions/create-with-context: the links stand beside the fields. */
void action_with_context_create(struct op *op)
{
    struct action action;

    model_clear(AS(action, &action));
    if (op_gather_body(op, (struct bound){&action_in_context_model, &action}))
        create(op, "", &action);
}

static bool propose(struct op *op, const struct action_change *change, const struct action *before,
                    struct action *action)
{
    *action = *before;
    if (!change->propose(op, before, action, change->move))
        return false;
    action_check(op, action);
    return true;
}

/* Whoever looks at the action's issues needs the lock that is taken before rows are. */
static enum links_lock lock_links(struct op *op, const struct action_change *change,
                                  const struct action *before, const struct action *proposed)
{
    bool named = change->links || (!change->move && op_named(op, "connections"));

    if (!change->answer || before->connections.other_ids.count == 0)
        return links_lock(op, named, &before->connections, &proposed->connections);
    links_lock_exclusive(op);
    return LINKS_EXCLUSIVE;
}

void action_change(struct op *op, const struct action_change *change)
{
    const char *where = change->links ? "" : "connections.";
    struct action before, proposed, action;

    if (!action_read_unlocked(op, &before) || !propose(op, change, &before, &proposed) ||
        !look_up(op, where, &before.connections, &proposed))
        return;
    if (change->due)
        readings_due_ask(op, before.connections.goal_ids, change->due);
    enum links_lock lock = lock_links(op, change, &before, &proposed);
    if (!action_lock(op, &before) || !propose(op, change, &before, &action) || !op_valid(op) ||
        !links_secure(op, &action_end, where, lock, &before.connections, &action.connections))
        return;
    if (change->answer && lock != LINKS_EXCLUSIVE && before.connections.other_ids.count > 0) {
        op_retry(op); /* an issue was linked meanwhile */
        return;
    }
    links_unique(op, &action.connections);
    if (!str_equal(action.assigned_person_id, before.assigned_person_id))
        action.assigned_person_name = proposed.assigned_person_name;
    action_settle(&action, &before, op->now);
    action_save(op, &before, &action);
    publish(op, EVENT_ACTION_UPDATED, &before, &action);
    links_publish_others(op, &action_end, action.id, &before.connections, &action.connections);
    if (change->answer)
        change->answer(op, change, &before, &action);
    else
        op_reply(op, AS(action, &action), action.version);
}

/* The fields that the caller sent. */
static bool patch(struct op *op, const struct action *before, struct action *action,
                  const struct action_move *move)
{
    (void)before;
    (void)move;
    return op_gather_patch(op, AS(action, action));
}

/* PUT /api/operations/actions/{actionId}: changes the fields the caller sent, keeps the rest. */
void action_update(struct op *op)
{
    action_change(op, &(struct action_change){.propose = patch});
}

/* PATCH /api/operations/actions/{actionId}: the same. */
void action_patch(struct op *op)
{
    action_change(op, &(struct action_change){.propose = patch});
}

/* DELETE /api/operations/actions/{actionId}: its links go with it. */
void action_delete(struct op *op)
{
    struct action action, unlinked;

    links_lock_exclusive(op);
    if (!action_lock_for_delete(op, &action))
        return;
    unlinked = action;
    unlinked.connections = no_connections;
    links_save(op, &action_end, &action.connections, &unlinked.connections, AS(action, &unlinked));
    sql_exec(op, ACTION_DELETE, AS(action, &action));
    record_change(&action.record, op->now, op->request->user);
    op_event(op, EVENT_ACTION_DELETED, action.id, action.version, AS(action, &action));
    links_publish_others(op, &action_end, action.id, &action.connections, &no_connections);
    op_reply_deleted(op, action.id);
}
