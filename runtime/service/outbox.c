/* Events of a handler: rows of the outbox, in its own transaction, so that an event exists exactly
 * when the change does. Sending them on is the sequencer's work. */
#include "op_state.h"

#include <string.h>

#include "event.h"
#include "event_types.h"
#include "runtime_queries.h"

struct outbox_row {
    struct str type;
    struct uuid entity_id;
    int64_t version;
    struct packed payload;
};

static const struct field outbox_row_fields[] = {
    COLUMN(outbox_row, type),
    COLUMN(outbox_row, entity_id),
    COLUMN(outbox_row, version),
    COLUMN(outbox_row, payload),
};
const struct model outbox_row_model = MODEL("OutboxRow", outbox_row, outbox_row_fields);

struct outbox_rows {
    struct str type;
    struct uuids entity_ids;
    struct texts versions, payloads;
};

static const struct field outbox_rows_fields[] = {
    COLUMN(outbox_rows, type),
    COLUMN(outbox_rows, entity_ids),
    COLUMN(outbox_rows, versions),
    COLUMN(outbox_rows, payloads),
};
const struct model outbox_rows_model = MODEL("OutboxRows", outbox_rows, outbox_rows_fields);

enum { EVENT_ROOM = 512 };

/* Names of the programs that must understand it, as its row says; absent when none must. */
static struct str must_of(struct op *op, const char *type)
{
    const struct event_type *row = event_type_find(str_of(type));
    struct buffer out = buffer_in(op->arena, 64);

    if (!row || !row->must)
        return STR_NONE;
    for (int service = 0; service < SERVICE_COUNT; service++) {
        if (!(row->must >> service & 1))
            continue;
        buffer_append(&out, ",", out.size > 0);
        buffer_append(&out, service_names[service], strlen(service_names[service]));
    }
    return buffer_str(&out);
}

/* What happened to `subject`, by whom and when. */
static struct str payload_of(struct op *op, const char *type, const struct event *subject)
{
    struct event event = {
        .id = uuid_v7(),
        .type = str_of(type),
        .tenant = op->request->tenant,
        .entity = subject->entity,
        .version = subject->version,
        .at = op->now,
        .user_id = op->request->user,
        .user_name = op->request->user_name,
        .request_id = op->request->request_id,
        .data = subject->data,
        .changes = subject->changes,
        .must = must_of(op, type),
    };
    struct buffer out = buffer_in(op->arena, event.data.size + event.changes.size + EVENT_ROOM);

    event_pack(&out, &event);
    return buffer_str(&out);
}

static void add(struct op *op, const char *type, const struct event *event)
{
    if (op_failed(op))
        return;
    struct outbox_row row = {
        str_of(type), event->entity, event->version, {payload_of(op, type, event)}};
    sql_exec(op, OUTBOX_ADD, AS(outbox_row, &row));
    op->state->has_events = true;
}

void op_event_packed(struct op *op, const char *type, struct uuid entity, int64_t version,
                     struct str data)
{
    add(op, type, &(struct event){.entity = entity, .version = version, .data = data});
}

void op_events_packed(struct op *op, const char *type, const struct event *events, size_t count)
{
    struct outbox_rows rows = {
        .type = str_of(type),
        .entity_ids = {arena_array(op->arena, count, sizeof *rows.entity_ids.items), count},
        .versions = {arena_array(op->arena, count, sizeof *rows.versions.items), count},
        .payloads = {arena_array(op->arena, count, sizeof *rows.payloads.items), count},
    };

    if (op_failed(op) || count == 0)
        return;
    for (size_t i = 0; i < count; i++) {
        rows.entity_ids.items[i] = events[i].entity;
        rows.versions.items[i] = arena_printf(op->arena, "%lld", (long long)events[i].version);
        rows.payloads.items[i] = payload_of(op, type, &events[i]);
    }
    sql_exec(op, OUTBOX_ADD_MANY, AS(outbox_rows, &rows));
    op->state->has_events = true;
}

static struct str packed(struct op *op, struct bound data)
{
    struct buffer out = buffer_in(op->arena, EVENT_ROOM);

    model_pack(data, &out);
    return buffer_str(&out);
}

void op_event(struct op *op, const char *type, struct uuid entity, int64_t version,
              struct bound data)
{
    if (!op_failed(op))
        op_event_packed(op, type, entity, version, packed(op, data));
}

void op_event_changed(struct op *op, const char *type, struct uuid entity, int64_t version,
                      struct bound before, struct bound after)
{
    struct buffer changes = buffer_in(op->arena, EVENT_ROOM);

    if (op_failed(op))
        return;
    model_pack_changes(before, after, op->arena, &changes);
    add(op, type,
        &(struct event){.entity = entity,
                        .version = version,
                        .data = packed(op, after),
                        .changes = buffer_str(&changes)});
}
