/* Creating, changing and deleting issues. What an issue refers to is looked up before the
 * transaction begins; the change then locks its row, so changes of one issue are serialised and the
 * version counts them. */
#include "config_names.h"
#include "event_types.h"
#include "issue_change.h"
#include "issue_load.h"
#include "issue_references.h"
#include "issue_rules.h"
#include "issues.h"
#include "links.h"
#include "lookup.h"
#include "operations_handlers.h"
#include "queries.h"

void issue_add(struct op *op, struct issue *issue, const char *links_field,
               const struct connections *inherited)
{
    struct issue_choice choice;

    if (!issue->reporter_id.data)
        issue->reporter_id = op->request->user;
    issue_check(op, issue);
    if (!issue_choice_read(op, NULL, issue, &choice))
        return;
    issue_choice_take(op, NULL, &choice, issue);
    choice.links_field = links_field;
    choice.inherited = inherited;
    if (!issue_look_up(op, NULL, &choice, issue))
        return;
    enum links_lock lock = links_lock(op, true, &no_connections, &issue->connections);
    if (!issue_secure(op, lock, NULL, &choice, issue))
        return;
    issue->id = uuid_v7();
    issue_settle(issue, NULL, op->now);
    record_create(&issue->record, op->now, op->request->user);
    sql_exec(op, ISSUE_INSERT, AS(issue, issue));
    links_save(op, &issue_end, &no_connections, &issue->connections, AS(issue, issue));
    op_event(op, EVENT_ISSUE_CREATED, issue->id, issue->version, AS(issue, issue));
    links_publish_others(op, &issue_end, issue->id, &no_connections, &issue->connections);
    op_created(op, location_of(op, "/api/operations/issues/", issue->id));
    op_reply(op, AS(issue, issue), issue->version);
}

/* POST /api/operations/issues: without links, with SYSTEM type and status, the transaction waits
 * for nothing but its commit. */
void issue_create(struct op *op)
{
    struct issue issue;

    if (op_gather_body(op, AS(issue, &issue)))
        issue_add(op, &issue, "connections.", NULL);
}

/* The references that were looked up, where the change has new ones. */
static void take_references(const struct issue *before, const struct issue *proposed,
                            struct issue *issue)
{
    if (!uuid_equal(issue->type_config_id, before->type_config_id))
        issue->type = proposed->type;
    if (!uuid_equal(issue->status_config_id, before->status_config_id))
        issue->status = proposed->status;
    if (!str_equal(issue->reporter_id, before->reporter_id))
        issue->reporter_name = proposed->reporter_name;
    if (!str_equal(issue->assigned_person_id, before->assigned_person_id))
        issue->assigned_person_name = proposed->assigned_person_name;
}

static bool propose(struct op *op, const struct issue_change *change, const struct issue *before,
                    struct issue *issue)
{
    *issue = *before;
    if (!change->propose(op, before, issue, change->move))
        return false;
    issue_check(op, issue);
    return true;
}

void issue_change(struct op *op, const struct issue_change *change)
{
    struct issue before, proposed, issue;
    struct issue_choice choice;

    if (!issue_read_unlocked(op, &before) || !propose(op, change, &before, &proposed) ||
        !issue_choice_read(op, &before, &proposed, &choice))
        return;
    issue_choice_take(op, &before, &choice, &proposed);
    choice.links_field = change->links ? "" : "connections.";
    if (!issue_look_up(op, &before, &choice, &proposed))
        return;
    bool named = change->links || (!change->move && op_named(op, "connections"));
    enum links_lock lock = links_lock(op, named, &before.connections, &proposed.connections);
    if (!issue_lock(op, ISSUE_FOR_NO_KEY_UPDATE, &before) || !propose(op, change, &before, &issue))
        return;
    if (change->keeps && change->keeps(&before, &issue)) {
        op_reply(op, AS(issue, &before), before.version);
        return;
    }
    issue_choice_take(op, &before, &choice, &issue);
    if (!op_valid(op) || !issue_secure(op, lock, &before, &choice, &issue) ||
        (change->permit && !change->permit(op, &issue, change->move)))
        return;
    take_references(&before, &proposed, &issue);
    issue_settle(&issue, &before, op->now);
    record_change(&issue.record, op->now, op->request->user);
    sql_exec(op, ISSUE_UPDATE, AS(issue, &issue));
    links_save(op, &issue_end, &before.connections, &issue.connections, AS(issue, &issue));
    op_event_changed(op, EVENT_ISSUE_UPDATED, issue.id, issue.version, AS(issue, &before),
                     AS(issue, &issue));
    links_publish_others(op, &issue_end, issue.id, &before.connections, &issue.connections);
    op_reply(op, AS(issue, &issue), issue.version);
}

/* The fields that the caller sent. */
static bool patch(struct op *op, const struct issue *before, struct issue *issue,
                  const struct issue_move *move)
{
    (void)before;
    (void)move;
    return op_gather_patch(op, AS(issue, issue));
}

/* PUT /api/operations/issues/{issueId}: changes the fields the caller sent, keeps the rest. */
void issue_update(struct op *op)
{
    issue_change(op, &(struct issue_change){.propose = patch});
}

static void reply_deleted(struct op *op, struct uuid id)
{
    struct issue_deleted deleted = {id, op->now};
    struct buffer out = buffer_in(op->arena, 128);

    model_pack(AS(issue_deleted, &deleted), &out);
    op_reply_extra(op, buffer_str(&out));
}

/* DELETE /api/operations/issues/{issueId}: its links go with it. */
void issue_delete(struct op *op)
{
    struct issue issue, unlinked;

    links_lock_exclusive(op);
    if (!issue_lock(op, ISSUE_FOR_UPDATE, &issue))
        return;
    unlinked = issue;
    unlinked.connections = no_connections;
    links_save(op, &issue_end, &issue.connections, &unlinked.connections, AS(issue, &unlinked));
    sql_exec(op, ISSUE_DELETE, AS(issue, &issue));
    record_change(&issue.record, op->now, op->request->user);
    op_event(op, EVENT_ISSUE_DELETED, issue.id, issue.version, AS(issue, &issue));
    links_publish_others(op, &issue_end, issue.id, &issue.connections, &no_connections);
    reply_deleted(op, issue.id);
}
