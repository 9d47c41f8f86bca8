/* Events of svc-goals. A person's name was told. A goal or strategy was deleted: its links are
 * removed, and no new one is accepted. The version of each action and issue that had such a link is
 * incremented; there are no events for these changes, since the event of the deletion implies them.
 */
#include "event_types.h"
#include "links.h"
#include "lookup.h"
#include "operations_handlers.h"
#include "queries.h"

/* The entity itself and, of a goal, the strategies that went with it. */
static struct uuids targets_of(struct op *op, const struct event *event)
{
    struct value data;
    const struct value *strategies = NULL;
    struct uuids ids;

    unpack(op->arena, event->data, &data);
    strategies = value_get(&data, "strategies");
    size_t count = strategies->type == VALUE_ARRAY ? strategies->count : 0;
    ids = (struct uuids){arena_array(op->arena, count + 1, sizeof *ids.items), 0};
    ids.items[ids.count++] = event->entity;
    for (size_t i = 0; i < count; i++) {
        struct str id = value_text(value_get(&strategies->items[i], "id"));
        ids.count += uuid_parse(id, &ids.items[ids.count]);
    }
    return ids;
}

static void targets_deleted(struct op *op, const struct event *event)
{
    struct row_ids gone = {targets_of(op, event)};

    links_lock_exclusive(op);
    sql_exec(op, TARGETS_DELETED_ADD, AS(row_ids, &gone));
    sql_exec(op, ACTIONS_DELETE_TARGETS, AS(row_ids, &gone));
    sql_exec(op, ISSUES_DELETE_TARGETS, AS(row_ids, &gone));
}

void goal_event_apply(struct op *op, struct consumed_event *event)
{
    if (str_equal(event->event.type, str_of(EVENT_PERSON_UPDATED)))
        person_told(op, &event->event);
    else
        targets_deleted(op, &event->event);
}
