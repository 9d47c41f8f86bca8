/* Links: checking and writing. */
#include "links.h"

#include <assert.h>

#include "goals.h"
#include "id_sets.h"
#include "lookup.h"
#include "queries.h"
#include "relinked.h"

enum { GOALS_WAIT_MS = 3000 }; /* longer nobody waits for svc-goals */

const struct connections no_connections = {{NULL, 0}, {NULL, 0}, {NULL, 0}};

const struct link_end action_end = {
    .others = "issueIds",
    .other = "an issue",
    .own = "actions",
    .lock = ISSUES_FOR_NO_KEY_UPDATE,
    .relinked = issues_relinked,
    .goals = {ACTION_GOALS_CLEAR, ACTION_GOALS_ADD},
    .strategies = {ACTION_STRATEGIES_CLEAR, ACTION_STRATEGIES_ADD},
    .issues_or_actions = {ACTION_ISSUES_CLEAR, ACTION_ISSUES_ADD},
};

const struct link_end issue_end = {
    .others = "actionIds",
    .other = "an action",
    .own = "issues",
    .lock = ACTIONS_FOR_NO_KEY_UPDATE,
    .relinked = actions_relinked,
    .goals = {ISSUE_GOALS_CLEAR, ISSUE_GOALS_ADD},
    .strategies = {ISSUE_STRATEGIES_CLEAR, ISSUE_STRATEGIES_ADD},
    .issues_or_actions = {ISSUE_ACTIONS_CLEAR, ISSUE_ACTIONS_ADD},
};

/* --- Asking svc-goals --- */

/* The ids of `after` that have to be checked: those that `before` does not have, without absent
 * ones. */
static struct uuids unknown(struct op *op, struct uuids after, struct uuids before)
{
    static struct uuid none;
    struct uuids given = ids_without(op->arena, after, (struct uuids){&none, 1});

    return ids_without(op->arena, given, before);
}

void links_ask(struct op *op, struct links_asked *asked)
{
    struct goal_refs refs = {
        .goal_ids = unknown(op, asked->after->goal_ids, asked->before->goal_ids),
        .strategy_ids = unknown(op, asked->after->strategy_ids, asked->before->strategy_ids),
    };
    size_t count = refs.goal_ids.count + refs.strategy_ids.count;

    asked->asked = count > 0 && !op_failed(op);
    if (!asked->asked)
        return;
    struct buffer body = buffer_in(op->arena, 64 + count * (UUID_TEXT_SIZE + 2));
    model_pack(AS(goal_refs, &refs), &body);
    op_call_start(op, &asked->call, "checkGoals", buffer_str(&body), GOALS_WAIT_MS);
}

/* The goals or strategies of an answer of svc-goals, by the name of their array. */
static struct uuids ids_in(struct op *op, const struct value *answer, const char *name)
{
    const struct value *array = value_get(answer, name);
    size_t count = array->type == VALUE_ARRAY ? array->count : 0;
    struct uuids ids = {arena_array(op->arena, count, sizeof *ids.items), 0};

    for (size_t i = 0; i < count; i++)
        ids.count += uuid_parse(value_text(&array->items[i]), &ids.items[ids.count]);
    return ids;
}

/* Adds an error for each of `ids` that neither exists nor is linked already. */
static void judge(struct op *op, const struct links_asked *asked, const char *name,
                  const char *what, struct uuids ids, struct uuids linked, struct uuids known)
{
    for (size_t i = 0; i < ids.count; i++) {
        if (ids_have(linked, ids.items[i]) || ids_have(known, ids.items[i]))
            continue;
        struct str field = arena_printf(op->arena, "%s%s[%zu]", asked->where, name, i);
        op_invalid(op, field.data, "is not %s", what);
    }
}

bool links_judge(struct op *op, struct links_asked *asked, struct uuids others)
{
    const struct connections *before = asked->before, *after = asked->after;

    if (op_failed(op))
        return false;
    if (asked->asked) {
        op_call_wait(op, &asked->call);
        if (!asked->call.reached || asked->call.reply.http != status_http(STATUS_OK))
            return op_valid(op) && op_fail(op, STATUS_SERVICE_UNAVAILABLE);
        judge(op, asked, "goalIds", "a goal", after->goal_ids, before->goal_ids,
              ids_in(op, asked->call.data, "goalIds"));
        judge(op, asked, "strategyIds", "a strategy", after->strategy_ids, before->strategy_ids,
              ids_in(op, asked->call.data, "strategyIds"));
    }
    judge(op, asked, asked->end->others, asked->end->other, after->other_ids, before->other_ids,
          others);
    return op_valid(op);
}

/* --- The lock --- */

void links_lock_exclusive(struct op *op)
{
    sql_exec(op, LINKS_ADVISORY_LOCK, NOTHING);
}

enum links_lock links_lock(struct op *op, bool named, const struct connections *before,
                           const struct connections *after)
{
    if (!ids_equal(before->other_ids, after->other_ids)) {
        links_lock_exclusive(op);
        return LINKS_EXCLUSIVE;
    }
    if (!named ||
        (before == &no_connections && after->goal_ids.count == 0 && after->strategy_ids.count == 0))
        return LINKS_UNLOCKED;
    sql_exec(op, LINKS_ADVISORY_LOCK_SHARED, NOTHING);
    return LINKS_SHARED;
}

/* --- In the transaction --- */

/* Of an action or issue that is to be linked: what it is linked to already. */
struct link_count_row {
    struct uuid id; /* first, for ids_of */
    int64_t links;
};
static const struct field link_count_row_fields[] = {
    COLUMN(link_count_row, id),
    COLUMN(link_count_row, links),
};
const struct model link_count_row_model = MODEL("LinkedRow", link_count_row, link_count_row_fields);

/* Those that are linked anew, except the ones that are gone. */
static void refuse(struct op *op, const char *where, const char *name, const char *what,
                   struct uuids ids, struct uuids gone)
{
    for (size_t i = 0; i < ids.count; i++) {
        if (!ids_have(gone, ids.items[i]))
            continue;
        struct str field = arena_printf(op->arena, "%s%s[%zu]", where, name, i);
        op_invalid(op, field.data, "is not %s", what);
    }
}

/* Links from the other end count, too, so that what was read of either end can be sent back. */
static void refuse_full(struct op *op, const struct link_end *end, const char *where,
                        struct uuids ids, const struct list *kept)
{
    const struct link_count_row *rows = kept->items;

    for (size_t row = 0; row < kept->count; row++)
        for (size_t i = 0; rows[row].links >= CONNECTIONS_MAX && i < ids.count; i++) {
            if (!uuid_equal(ids.items[i], rows[row].id))
                continue;
            struct str field = arena_printf(op->arena, "%s%s[%zu]", where, end->others, i);
            op_invalid(op, field.data, "has %d %s already, the most there may be",
                       (int)CONNECTIONS_MAX, end->own);
        }
}

bool links_secure(struct op *op, const struct link_end *end, const char *where,
                  enum links_lock lock, const struct connections *before,
                  const struct connections *after)
{
    struct row_ids targets = {ids_both(op->arena, after->goal_ids, after->strategy_ids)};
    struct row_ids added = {ids_without(op->arena, after->other_ids, before->other_ids)};
    struct list gone = {NULL, 0}, kept = {NULL, 0};
    bool same = ids_equal(before->goal_ids, after->goal_ids) &&
                ids_equal(before->strategy_ids, after->strategy_ids);

    if (lock != LINKS_EXCLUSIVE && !ids_equal(before->other_ids, after->other_ids))
        return op_retry(op); /* which will see that these links change */
    assert(same || lock != LINKS_UNLOCKED);
    if (!same && targets.ids.count > 0)
        sql_queue_rows(op, TARGETS_DELETED, AS(row_ids, &targets), &row_id_model, &gone);
    if (added.ids.count > 0)
        sql_queue_rows(op, end->lock, AS(row_ids, &added), &link_count_row_model, &kept);
    if (!sql_wait(op))
        return false;
    struct uuids deleted_ids = ids_of(op->arena, gone.items, gone.count, sizeof(struct row_id));
    struct uuids kept_ids =
        ids_of(op->arena, kept.items, kept.count, sizeof(struct link_count_row));
    refuse(op, where, "goalIds", "a goal", after->goal_ids, deleted_ids);
    refuse(op, where, "strategyIds", "a strategy", after->strategy_ids, deleted_ids);
    refuse(op, where, end->others, end->other, after->other_ids,
           ids_without(op->arena, added.ids, kept_ids));
    refuse_full(op, end, where, after->other_ids, &kept);
    return op_valid(op);
}

static void write_list(struct op *op, const struct link_writing *writing, struct uuids before,
                       struct uuids after, struct bound row)
{
    if (ids_equal(before, after))
        return;
    if (before.count > 0)
        sql_exec(op, writing->clear, row);
    if (after.count > 0)
        sql_exec(op, writing->add, row);
}

void links_save(struct op *op, const struct link_end *end, const struct connections *before,
                const struct connections *after, struct bound row)
{
    write_list(op, &end->goals, before->goal_ids, after->goal_ids, row);
    write_list(op, &end->strategies, before->strategy_ids, after->strategy_ids, row);
    write_list(op, &end->issues_or_actions, before->other_ids, after->other_ids, row);
}

void links_publish_others(struct op *op, const struct link_end *end, struct uuid id,
                          const struct connections *before, const struct connections *after)
{
    struct uuids removed = ids_without(op->arena, before->other_ids, after->other_ids);
    struct uuids added = ids_without(op->arena, after->other_ids, before->other_ids);
    struct uuids relinked = ids_both(op->arena, removed, added);

    if (relinked.count > 0)
        end->relinked(op, id, relinked);
}

void links_unique(struct op *op, struct connections *connections)
{
    connections->goal_ids = ids_unique(op->arena, connections->goal_ids);
    connections->strategy_ids = ids_unique(op->arena, connections->strategy_ids);
    connections->other_ids = ids_unique(op->arena, connections->other_ids);
}
