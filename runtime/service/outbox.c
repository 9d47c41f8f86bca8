/* Events of a handler: rows of the outbox, in its own transaction, so that an event exists exactly
 * when the change does. Sending them on is the sequencer's work. */
#include "op_state.h"

#include "event.h"
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
static const struct model outbox_row_model = MODEL("OutboxRow", outbox_row, outbox_row_fields);

enum { EVENT_ROOM = 512 };

void op_event_packed(struct op *op, const char *type, struct uuid entity, int64_t version,
                     struct str data)
{
    struct event event = {
        .id = uuid_v7(),
        .type = str_of(type),
        .tenant = op->request->tenant,
        .entity = entity,
        .version = version,
        .at = op->now,
        .user_id = op->request->user,
        .user_name = op->request->user_name,
        .request_id = op->request->request_id,
        .data = data,
    };
    struct buffer out = buffer_in(op->arena, data.size + EVENT_ROOM);

    if (op_failed(op))
        return;
    event_pack(&out, &event);
    struct outbox_row row = {event.type, entity, version, {buffer_str(&out)}};
    sql_exec(op, OUTBOX_ADD, AS(outbox_row, &row));
    op->state->has_events = true;
}

void op_event(struct op *op, const char *type, struct uuid entity, int64_t version,
              struct bound data)
{
    if (op_failed(op))
        return;
    struct buffer out = buffer_in(op->arena, EVENT_ROOM);
    model_pack(data, &out);
    op_event_packed(op, type, entity, version, buffer_str(&out));
}
