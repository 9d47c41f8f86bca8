/* Subscription limits: exact under concurrent creates, because those of one kind and tenant wait
 * for an advisory lock until the previous one has committed. Without a limit nothing is counted. */
#include "lookup.h"
#include "op_state.h"
#include "runtime_queries.h"

struct limit_key {
    struct str kind;
};
static const struct field limit_key_fields[] = {COLUMN(limit_key, kind)};
static const struct model limit_key_model = MODEL("LimitKey", limit_key, limit_key_fields);

static const enum status reached[LIMIT_COUNT] = {
    [LIMIT_GOALS] = STATUS_GOAL_LIMIT_REACHED,
    [LIMIT_KPIS] = STATUS_KPI_LIMIT_REACHED,
    [LIMIT_ACTIONS] = STATUS_ACTION_LIMIT_REACHED,
    [LIMIT_STRATEGIES] = STATUS_STRATEGY_LIMIT_REACHED,
    [LIMIT_ATTACHMENTS] = STATUS_ATTACHMENT_LIMIT_REACHED,
    [LIMIT_REPORTS] = STATUS_REPORT_LIMIT_REACHED,
};

bool op_limit(struct op *op, enum limit_kind kind, struct statement *count, struct bound input)
{
    int64_t limit = op->request->limits[kind];
    struct limit_key key = {str_of(limit_names[kind])};
    struct row_count current = {0};
    bool found;

    if (op_failed(op))
        return false;
    if (limit < 0)
        return true;
    /* The lock is a statement of its own: the count's snapshot must be taken behind it. */
    sql_exec(op, LIMIT_LOCK, AS(limit_key, &key));
    if (!sql_find(op, count, input, AS(row_count, &current), &found))
        return false;
    return current.count < limit || op_fail(op, reached[kind]);
}
