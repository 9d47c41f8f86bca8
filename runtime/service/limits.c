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

bool op_limit_many(struct op *op, enum limit_kind kind, int64_t more, struct statement *count,
                   struct bound input)
{
    int64_t limit = op->request->limits[kind];
    struct limit_key key = {str_of(limit_rows[kind].claim)};
    struct row_count current = {0};
    bool found;

    if (op_failed(op))
        return false;
    if (limit < 0)
        return true;
    /* The lock is a statement of its own: the count's snapshot must be taken behind it. */
    sql_exec(op, LIMIT_ADVISORY_LOCK, AS(limit_key, &key));
    if (!sql_find(op, count, input, AS(row_count, &current), &found))
        return false;
    return current.count + more <= limit || op_fail(op, limit_rows[kind].reached);
}

bool op_limit(struct op *op, enum limit_kind kind, struct statement *count, struct bound input)
{
    return op_limit_many(op, kind, 1, count, input);
}
