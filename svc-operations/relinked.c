/* Versions and events of what is linked or unlinked from its other end. They may be hundreds of the
 * largest issues, so they are read and told of in parts: two statements for each, however many
 * there are in it, and the memory of one part at a time. */
#include "relinked.h"
#include "event_types.h"

#include "actions.h"
#include "event.h"
#include "id_sets.h"
#include "issue_rules.h"
#include "issues.h"
#include "lookup.h"
#include "queries.h"

/* Of a part's events. It is held some six times: as rows, structs, events and statement. */
enum { PART_BYTES = 1 << 20 };

struct relinked_row {
    struct uuid id; /* first, for ids_of */
    int64_t bytes;
};
static const struct field relinked_row_fields[] = {
    COLUMN(relinked_row, id),
    COLUMN(relinked_row, bytes),
};
const struct model relinked_row_model = MODEL("RelinkedRow", relinked_row, relinked_row_fields);

/* The entity after the change, with causedBy, by which consumers distinguish it from a change that
 * a person made. */
static struct str data_of(struct op *op, struct bound entity, struct uuid by)
{
    struct buffer out = buffer_in(op->arena, 1024);

    model_pack_open(entity, 1, &out);
    pack_key(&out, "causedBy");
    pack_uuid(&out, by);
    return buffer_str(&out);
}

static void tell_actions(struct op *op, struct uuid by, struct uuids part)
{
    struct row_ids key = {part};
    struct list rows;

    if (!sql_rows(op, ACTIONS_BY_IDS, AS(row_ids, &key), &action_model, &rows))
        return;
    struct action *items = rows.items;
    struct event *events = arena_array(op->arena, rows.count, sizeof *events);
    for (size_t i = 0; i < rows.count; i++)
        events[i] = (struct event){.entity = items[i].id,
                                   .version = items[i].version,
                                   .data = data_of(op, AS(action, &items[i]), by)};
    op_events_packed(op, EVENT_ACTION_UPDATED, events, rows.count);
}

static void tell_issues(struct op *op, struct uuid by, struct uuids part)
{
    struct row_ids key = {part};
    struct list rows;

    if (!sql_rows(op, ISSUES_BY_IDS, AS(row_ids, &key), &issue_model, &rows))
        return;
    struct issue *items = rows.items;
    issue_complete(items, rows.count);
    struct event *events = arena_array(op->arena, rows.count, sizeof *events);
    for (size_t i = 0; i < rows.count; i++)
        events[i] = (struct event){.entity = items[i].id,
                                   .version = items[i].version,
                                   .data = data_of(op, AS(issue, &items[i]), by)};
    op_events_packed(op, EVENT_ISSUE_UPDATED, events, rows.count);
}

/* Behind the last of the part that begins with `first`: one at least. */
static size_t part_end(const struct list *rows, size_t first)
{
    const struct relinked_row *row = rows->items;
    int64_t bytes = row[first].bytes;
    size_t end = first + 1;

    while (end < rows->count && bytes + row[end].bytes <= PART_BYTES)
        bytes += row[end++].bytes;
    return end;
}

static void relinked(struct op *op, struct statement *touch, struct uuid by, struct uuids ids,
                     void (*tell)(struct op *op, struct uuid by, struct uuids part))
{
    struct row_ids key = {ids};
    struct list rows;

    if (!sql_rows(op, touch, AS(row_ids, &key), &relinked_row_model, &rows))
        return;
    struct uuids touched = ids_of(op->arena, rows.items, rows.count, sizeof(struct relinked_row));
    for (size_t first = 0, end; first < rows.count; first = end) {
        struct arena_mark mark = arena_mark(op->arena);
        end = part_end(&rows, first);
        tell(op, by, (struct uuids){touched.items + first, end - first});
        if (end == rows.count)
            return; /* the last one is sent with the commit */
        if (!sql_wait(op))
            return; /* the fault is in the arena */
        arena_release(op->arena, mark);
    }
}

void actions_relinked(struct op *op, struct uuid by, struct uuids actions)
{
    relinked(op, ACTIONS_TOUCH, by, actions, tell_actions);
}

void issues_relinked(struct op *op, struct uuid by, struct uuids issues)
{
    relinked(op, ISSUES_TOUCH, by, issues, tell_issues);
}
