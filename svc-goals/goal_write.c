/* Creating, changing and deleting goals. A change locks the goal's row first, so changes of one
 * goal are serialised and the version counts them. */
#include "event_types.h"
#include "goal_handlers.h"
#include "goal_kpis.h"
#include "goal_load.h"
#include "goal_rules.h"
#include "goals.h"
#include "queries.h"

/* POST /goals: without a limit the transaction waits for nothing but its commit. */
void goal_create(struct op *op)
{
    struct goal goal;

    bool read = op_body(op, AS(goal, &goal));
    goal_defaults(&goal, op->now);
    if (!goal_check_new(op, &goal) || !read ||
        !person_read_unlocked(op, goal.owner_id, &goal.owner_name) ||
        !op_limit(op, LIMIT_GOALS, GOALS_COUNT, NOTHING))
        return;
    goal.id = uuid_v7();
    record_create(&goal.record, op->now, op->request->user);
    sql_exec(op, GOAL_INSERT, AS(goal, &goal));
    goals_compute(&goal, 1);
    goal.progress = 0; /* nothing is linked yet */
    op_event(op, EVENT_GOAL_CREATED, goal.id, goal.version, goal_told(&goal));
    op_created(op, location_of(op, "/goals/", goal.id));
    op_reply(op, AS(goal, &goal), goal.version);
}

/* A new owner's name has to be looked up; the old one's was read with the goal. */
static bool find_owner(struct op *op, const struct goal *before, struct goal *goal)
{
    struct person_name owner;

    if (str_equal(before->owner_id, goal->owner_id))
        return true;
    queue_person(op, goal->owner_id, &owner);
    if (!sql_wait(op))
        return false;
    goal->owner_name = owner.name;
    return true;
}

/* PUT /goals/{id}: changes the fields the caller sent, keeps the rest. */
void goal_update(struct op *op)
{
    struct uuid id;
    struct goal before, goal;
    struct goal_kpis kpis;

    if (!op_path_uuid(op, "id", &id))
        return;
    goal_kpis_ask_one(op, &kpis, id);
    if (!goal_lock(op, id, &before) || !op_version_ok(op, before.version))
        return;
    goal = before;
    bool read = op_patch(op, AS(goal, &goal));
    goal_settle_horizon(&goal, op->now);
    if (!goal_check_change(op, &before, &goal) || !read)
        return;
    if (!goal.metadata.bytes.data)
        goal.metadata = packed_empty();
    bool moves = goal.status != before.status;
    if (moves)
        goal_become(&goal, goal.status, op->now);
    record_change(&goal.record, op->now, op->request->user);
    sql_exec(op, GOAL_UPDATE, AS(goal, &goal));
    if (!find_owner(op, &before, &goal))
        return;
    goals_complete(op, &kpis, &goal, 1);
    op_event_changed(op, moves ? goal_event(goal.status) : EVENT_GOAL_UPDATED, goal.id,
                     goal.version, goal_told(&before), goal_told(&goal));
    op_reply(op, AS(goal, &goal), goal.version);
}

/* It names the strategies that were deleted with the goal, so that links to them are removed. */
static void tell_deleted(struct op *op, struct goal *goal)
{
    const struct strategy *strategies = goal->strategies.items;
    size_t count = goal->strategies.count;
    struct buffer data = buffer_in(op->arena, 1024 + count * (UUID_TEXT_SIZE + 8));

    model_pack_open(goal_told(goal), 1, &data);
    pack_key(&data, "strategies");
    pack_array(&data, count);
    for (size_t i = 0; i < count; i++) {
        pack_map(&data, 1);
        pack_key(&data, "id");
        pack_uuid(&data, strategies[i].id);
    }
    op_event_packed(op, EVENT_GOAL_DELETED, goal->id, goal->version, buffer_str(&data));
}

/* DELETE /goals/{id}: its strategies and its activity go with it. */
void goal_delete(struct op *op)
{
    struct row_id key;
    struct goal goal;

    if (!op_path_uuid(op, "id", &key.id) || !goal_lock(op, key.id, &goal) ||
        !op_version_ok(op, goal.version))
        return;
    sql_exec(op, STRATEGIES_DELETE, AS(row_id, &key));
    sql_exec(op, GOAL_DELETE, AS(row_id, &key));
    record_change(&goal.record, op->now, op->request->user);
    goal.deleted_at = op->now;
    goals_compute(&goal, 1);
    tell_deleted(op, &goal);
    op_reply_deleted(op, goal.id);
}
