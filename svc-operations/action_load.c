/* Reading, locking and saving one action. */
#include "action_load.h"

#include "links.h"
#include "lookup.h"
#include "queries.h"

bool action_read_unlocked(struct op *op, struct action *action)
{
    struct row_id key;
    bool found;

    if (!op_path_uuid(op, "actionId", &key.id))
        return false;
    model_clear(AS(action, action));
    if (!sql_read_unlocked(op, ACTION_BY_ID, AS(row_id, &key), AS(action, action), &found))
        return false;
    return (found || op_fail(op, STATUS_ACTION_NOT_FOUND)) && op_version_ok(op, action->version);
}

/* The row is read after the lock was taken, so it does not change until the commit. */
static bool load(struct op *op, struct statement *lock, struct action *action)
{
    struct row_id key, row;
    bool locked = false, found = false;

    if (!op_path_uuid(op, "actionId", &key.id))
        return false;
    model_clear(AS(action, action));
    sql_queue_row(op, lock, AS(row_id, &key), AS(row_id, &row), &locked);
    sql_queue_row(op, ACTION_BY_ID, AS(row_id, &key), AS(action, action), &found);
    return sql_wait(op) && ((locked && found) || op_fail(op, STATUS_ACTION_NOT_FOUND)) &&
           op_version_ok(op, action->version);
}

bool action_lock(struct op *op, struct action *action)
{
    return load(op, ACTION_FOR_NO_KEY_UPDATE, action);
}

bool action_lock_for_delete(struct op *op, struct action *action)
{
    return load(op, ACTION_FOR_UPDATE, action);
}

void action_save(struct op *op, const struct action *before, struct action *action)
{
    record_change(&action->record, op->now, op->request->user);
    sql_exec(op, ACTION_UPDATE, AS(action, action));
    links_save(op, &action_end, &before->connections, &action->connections, AS(action, action));
}
