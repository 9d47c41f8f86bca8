/* Everything that one action is linked to, whole. */
#include "actions.h"
#include "bounded_rows.h"
#include "fiber.h"
#include "issue_rules.h"
#include "linked_goals.h"
#include "lookup.h"
#include "operations_handlers.h"
#include "queries.h"

/* ISSUES_OF_ACTION */
struct issues_of_action {
    struct uuid id; /* the action's */
    struct row_limits limits;
};
static const struct field issues_of_action_fields[] = {
    COLUMN(issues_of_action, id),
    ROW_LIMITS_COLUMNS(issues_of_action),
};
static const struct model issues_of_action_model =
    MODEL("IssuesOfAction", issues_of_action, issues_of_action_fields);

static int64_t issue_bytes(const void *row)
{
    return ((const struct issue *)row)->bytes;
}

/* The action, and its issues as one answer has room for them. */
static bool read_own(struct op *op, struct action *action, struct bounded_rows *read)
{
    struct row_id key;
    struct issues_of_action of;
    bool found = false, fit;

    if (!op_path_uuid(op, "actionId", &key.id))
        return false;
    of.id = key.id;
    model_clear(AS(action, action));
    *read = (struct bounded_rows){.counted = ISSUES_OF_ACTION,
                                  .input = AS(issues_of_action, &of),
                                  .limits = &of.limits,
                                  .model = &issue_model,
                                  .bytes = issue_bytes};
    sql_queue_row(op, ACTION_BY_ID, AS(row_id, &key), AS(action, action), &found);
    bounded_rows_queue(op, read);
    if (!sql_wait(op) || (!found && !op_fail(op, STATUS_ACTION_NOT_FOUND)) ||
        !bounded_rows_complete(op, read, &fit))
        return false;
    if (!fit)
        op_too_large(op, "actionId");
    return op_valid(op);
}

static void pack_founds(struct buffer *out, struct uuids ids, const struct founds *founds)
{
    struct pack_open array = pack_array_open(out);

    for (size_t i = 0; i < ids.count; i++) {
        const struct found *found = found_by(founds, ids.items[i]);
        if (!found) /* deleted a moment ago */
            continue;
        fiber_yield_in_time();
        pack_raw(out, found->packed);
        array.count++;
    }
    pack_array_close(out, array);
}

static int64_t bytes_of(const struct founds *founds)
{
    int64_t bytes = 0;

    for (size_t i = 0; i < founds->count; i++)
        bytes += (int64_t)founds->items[i].packed.size;
    return bytes;
}

/* GET /api/operations/actions/{actionId}/relationships */
void action_relationships_get(struct op *op)
{
    struct action action;
    struct bounded_rows read;
    struct founds goals, strategies;

    if (!read_own(op, &action, &read))
        return;
    struct issue *issues = read.rows.items;
    int64_t bytes = 0;
    issue_complete(issues, read.rows.count);
    for (size_t i = 0; i < read.rows.count; i++)
        bytes += issues[i].bytes;
    struct goal_find find = {.goal_ids = action.connections.goal_ids,
                             .strategy_ids = action.connections.strategy_ids,
                             .useful_bytes = op_answer_max() - bytes};
    if (!linked_goals_find(op, &find, "actionId", &goals, &strategies))
        return;
    bytes += bytes_of(&goals) + bytes_of(&strategies);
    if (bytes > op_answer_max()) {
        op_too_large(op, "actionId");
        op_valid(op);
        return;
    }
    struct buffer out = buffer_in(op->arena, 4096);
    pack_map(&out, 3);
    pack_key(&out, "goals");
    pack_founds(&out, action.connections.goal_ids, &goals);
    pack_key(&out, "strategies");
    pack_founds(&out, action.connections.strategy_ids, &strategies);
    pack_key(&out, "issues");
    pack_array(&out, read.rows.count);
    for (size_t i = 0; i < read.rows.count; i++)
        model_pack(AS(issue, &issues[i]), &out);
    op_reply_packed(op, buffer_str(&out), -1);
}
