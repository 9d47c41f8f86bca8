/* Reading and locking one issue. */
#include "issue_load.h"

#include "issue_rules.h"
#include "lookup.h"
#include "queries.h"

static bool found_issue(struct op *op, bool found, struct issue *issue)
{
    issue_complete(issue, 1);
    return (found || op_fail(op, STATUS_ISSUE_NOT_FOUND)) && op_version_ok(op, issue->version);
}

bool issue_read_unlocked(struct op *op, struct issue *issue)
{
    struct row_id key;
    bool found;

    model_clear(AS(issue, issue));
    return op_path_uuid(op, "issueId", &key.id) &&
           sql_read_unlocked(op, ISSUE_BY_ID, AS(row_id, &key), AS(issue, issue), &found) &&
           found_issue(op, found, issue);
}

/* The row is read after the lock was taken, so it does not change until the commit. */
bool issue_lock(struct op *op, struct statement *lock, struct issue *issue)
{
    struct row_id key, row;
    bool locked = false, found = false;

    if (!op_path_uuid(op, "issueId", &key.id))
        return false;
    model_clear(AS(issue, issue));
    sql_queue_row(op, lock, AS(row_id, &key), AS(row_id, &row), &locked);
    sql_queue_row(op, ISSUE_BY_ID, AS(row_id, &key), AS(issue, issue), &found);
    return sql_wait(op) && found_issue(op, locked && found, issue);
}
