/* Putting issues into an order. */
#include "event_types.h"
#include "id_sets.h"
#include "issue_rules.h"
#include "issue_sets.h"
#include "links.h"
#include "lookup.h"
#include "operations_handlers.h"
#include "queries.h"

enum { REORDER_BYTES_MAX = 4 << 20 }; /* of the issues: they are held several times */

/* ISSUES_FOR_REORDER */
struct order_row {
    struct uuid id;
    int64_t display_order; /* before */
    int64_t bytes;
};
static const struct field order_row_fields[] = {
    COLUMN(order_row, id),
    COLUMN(order_row, display_order),
    COLUMN(order_row, bytes),
};
const struct model order_row_model = MODEL("OrderRow", order_row, order_row_fields);

static const struct order_row *row_of(const struct list *rows, struct uuid id)
{
    const struct order_row *items = rows->items;

    for (size_t i = 0; i < rows->count; i++)
        if (uuid_equal(items[i].id, id))
            return &items[i];
    return NULL;
}

/* What is named twice, or is no issue. */
static bool check(struct op *op, struct uuids ids, const struct list *rows)
{
    const struct order_row *items = rows->items;
    int64_t bytes = 0;

    for (size_t i = 0; i < ids.count; i++) {
        const char *field = arena_printf(op->arena, "issueIds[%zu]", i).data;
        if (ids_index((struct uuids){ids.items, i}, ids.items[i]) < i)
            op_invalid(op, field, "is there before");
        else if (!row_of(rows, ids.items[i]))
            op_invalid(op, field, "is not an issue");
    }
    for (size_t i = 0; i < rows->count; i++)
        bytes += items[i].bytes;
    if (bytes > REORDER_BYTES_MAX)
        op_invalid(op, "issueIds", "are of more than %d bytes together; name fewer at once",
                   (int)REORDER_BYTES_MAX);
    return op_valid(op);
}

static int64_t count_moved(const struct list *rows, const struct issue *issues, size_t count)
{
    int64_t moved = 0;

    for (size_t i = 0; i < count; i++)
        moved += row_of(rows, issues[i].id)->display_order != issues[i].display_order;
    return moved;
}

/* One event for all of them: whoever shows an order shows that of all, and nobody wants to read of
 * each. Its entity is the one that is first now. */
static void tell(struct op *op, struct uuids ids, int64_t moved, int64_t version)
{
    struct issue_order order = {ids, moved};

    if (moved > 0)
        op_event(op, EVENT_ISSUE_REORDERED, ids.items[0], version, AS(issue_order, &order));
}

/* PUT /api/operations/issues:reorder: the first gets 0. Those that are not named stay as they are.
 */
void issues_reorder(struct op *op)
{
    struct issue_reorder body;
    struct list rows, issues;

    if (!op_body(op, AS(issue_reorder, &body)))
        return;
    struct row_ids key = {body.issue_ids};
    links_lock_exclusive(op);
    if (!sql_rows(op, ISSUES_FOR_REORDER, AS(row_ids, &key), &order_row_model, &rows) ||
        !check(op, body.issue_ids, &rows))
        return;
    sql_exec(op, ISSUES_REORDER, AS(row_ids, &key));
    if (!sql_rows(op, ISSUES_IN_ORDER, AS(row_ids, &key), &issue_model, &issues))
        return;
    issue_complete(issues.items, issues.count);
    const struct issue *items = issues.items;
    tell(op, body.issue_ids, count_moved(&rows, items, issues.count), items[0].version);
    int64_t count = (int64_t)issues.count;
    struct issues_reordered answer = {issues, count, 1, count, 1};
    op_reply(op, AS(issues_reordered, &answer), -1);
}
