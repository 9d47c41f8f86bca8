/* Converts events to entries. Feed entries and readings are shown on their goals' streams, in the
 * form of the specification; the tenant's stream shows everything that clients may see. */
#include "event.h"
#include "event_types.h"
#include "kpis.h"
#include "people.h"
#include "queries.h"
#include "realtime.h"
#include "stream.h"
#include "unpack.h"

static const struct field sequence_row_fields[] = {
    FIELD_AS(sequence_row, sequence, "place", .flags = FIELD_INTERNAL)};
const struct model sequence_row_model = MODEL("SequenceRow", sequence_row, sequence_row_fields);

/* An event's entries, which have type and visibility in common. */
struct stream_batch {
    struct str type;
    bool shown;
    struct uuids goal_ids;
    struct texts datas;
};
static const struct field stream_batch_fields[] = {
    COLUMN(stream_batch, type),
    COLUMN(stream_batch, shown),
    COLUMN(stream_batch, goal_ids),
    COLUMN(stream_batch, datas),
};
const struct model stream_batch_model = MODEL("StreamBatch", stream_batch, stream_batch_fields);

struct stream_tenants {
    struct texts tenants;
};
static const struct field stream_tenants_fields[] = {COLUMN(stream_tenants, tenants)};
static const struct model stream_tenants_model =
    MODEL("StreamTenants", stream_tenants, stream_tenants_fields);

void streams_lock(struct session *session, struct arena *arena, const struct consumed_event *events,
                  size_t count)
{
    struct stream_tenants of = {
        {arena_array(arena, count, sizeof *of.tenants.items), count},
    };

    for (size_t i = 0; i < count; i++)
        of.tenants.items[i] = events[i].event.tenant;
    session_queue(session, STREAM_ADVISORY_LOCK_SHARED, NOTHING);
    session_queue(session, STREAMS_ADVISORY_LOCK, AS(stream_tenants, &of));
}

static void append(struct op *op, struct consumed_event *event, struct stream_entry *entries,
                   size_t count)
{
    struct appended *note = arena_alloc(op->arena, sizeof *note);
    bool *found = arena_alloc(op->arena, sizeof *found);
    struct stream_batch batch = {
        .type = event->event.type,
        .shown = entries->shown,
        .goal_ids = {arena_array(op->arena, count, sizeof *batch.goal_ids.items), count},
        .datas = {arena_array(op->arena, count, sizeof *batch.datas.items), count},
    };

    for (size_t i = 0; i < count; i++) {
        batch.goal_ids.items[i] = entries[i].goal_id;
        batch.datas.items[i] = entries[i].data.bytes;
    }
    note->entries = (struct list){entries, count};
    sql_queue_row(op, STREAM_APPEND, AS(stream_batch, &batch), AS(sequence_row, &note->last),
                  found);
    event->note = note;
}

static struct stream_entry *entries_new(struct op *op, const struct event *event, size_t count)
{
    struct stream_entry *entries = arena_array(op->arena, count, sizeof *entries);

    for (size_t i = 0; i < count; i++) {
        model_clear(AS(stream_entry, &entries[i]));
        entries[i].type = event->type;
    }
    return entries;
}

/* --- The envelope: the common fields of all entries --- */

/* A person's is another system's id, of which the event's entity is made; `data` is for that. */
static struct str entity_id(struct op *op, const struct event *event, const struct event_type *type,
                            const struct value *data)
{
    char text[UUID_TEXT_SIZE];

    if (type->model == &person_model)
        return value_text(value_get(data, "id"));
    uuid_format(event->entity, text);
    return arena_copy(op->arena, (struct str){text, sizeof text});
}

static struct event_envelope envelope_of(struct op *op, const struct event *event,
                                         const struct event_type *type, const struct value *data,
                                         struct uuid goal)
{
    return (struct event_envelope){
        .type = event->type,
        .tenant_id = event->tenant,
        .entity_type = str_of(type->entity),
        .entity_id = entity_id(op, event, type, data),
        .goal_id = goal,
        .version = event->version,
        .user_id = event->user_id,
        .at = event->at,
    };
}

/* What clients get of an object of the event's data. */
static struct packed shown(struct op *op, const struct event *event, const struct model *model,
                           const struct value *object)
{
    struct buffer out = buffer_in(op->arena, event->data.size);

    stream_data_pack(&out, model, object);
    return (struct packed){buffer_str(&out)};
}

static struct packed message(struct op *op, struct bound fields, size_t size)
{
    struct buffer out = buffer_in(op->arena, size + 512);

    model_pack(fields, &out);
    return (struct packed){buffer_str(&out)};
}

static struct uuid uuid_in(const struct value *map, const char *key)
{
    struct uuid id;

    return uuid_parse(value_text(value_get(map, key)), &id) ? id : (struct uuid){{0}};
}

/* --- What a goal's own stream shows --- */

/* {..., activity}: the feed's entry as REST answers it. */
static void append_activity(struct op *op, struct consumed_event *event,
                            const struct event_type *type, const struct value *data)
{
    struct stream_entry *entry = entries_new(op, &event->event, 1);
    struct activity_message told = {.activity = shown(op, &event->event, type->model, data)};

    entry->goal_id = uuid_in(data, "goalId");
    if (uuid_is_none(entry->goal_id)) {
        op_fail(op, STATUS_INVALID_REQUEST);
        return;
    }
    told.envelope = envelope_of(op, &event->event, type, data, entry->goal_id);
    entry->data = message(op, AS(activity_message, &told), told.activity.bytes.size);
    entry->shown = true;
    append(op, event, entry, 1);
}

/* The readable form, with the id of the feed's entry. */
static struct feed_reading activity_of(const struct event *event,
                                       const struct reading_event *reading, size_t i)
{
    return (struct feed_reading){
        .id = reading->activity_ids.items[i],
        .text = reading->text,
        .created_at = event->at,
        .title = reading->title,
    };
}

/* {..., kpi, reading, activity}: one for each goal that the KPI is linked to, or one for no goal.
 */
static void append_reading(struct op *op, struct consumed_event *event,
                           const struct event_type *type, const struct value *data)
{
    struct reading_event reading;
    struct reading_message told;

    if (!op_body(op, AS(reading_event, &reading)))
        return;
    if (reading.goal_ids.count != reading.activity_ids.count ||
        value_get(data, "kpi")->type != VALUE_MAP ||
        value_get(data, "reading")->type != VALUE_MAP) {
        op_fail(op, STATUS_INVALID_REQUEST);
        return;
    }
    size_t count = reading.goal_ids.count > 0 ? reading.goal_ids.count : 1;
    struct stream_entry *entries = entries_new(op, &event->event, count);
    model_clear(AS(reading_message, &told));
    told.kpi = shown(op, &event->event, &reading_event_kpi_model, value_get(data, "kpi"));
    told.reading = shown(op, &event->event, &reading_model, value_get(data, "reading"));
    size_t size =
        told.kpi.bytes.size + told.reading.bytes.size + reading.text.size + reading.title.size;
    for (size_t i = 0; i < count; i++) {
        if (reading.goal_ids.count > 0) {
            entries[i].goal_id = reading.goal_ids.items[i];
            entries[i].shown = true;
            told.activity = activity_of(&event->event, &reading, i);
        }
        told.envelope = envelope_of(op, &event->event, type, data, entries[i].goal_id);
        entries[i].data = message(op, AS(reading_message, &told), size);
    }
    append(op, event, entries, count);
}

/* --- Changes: on the tenant's stream, and on the goal's for who asks for them --- */

static struct uuid goal_of(const struct event *event, const struct event_type *type,
                           const struct value *data)
{
    if (str_equal(str_of(type->entity), STR("goal")))
        return event->entity; /* so that gateways end a deleted goal's streams, too */
    return uuid_in(data, "goalId");
}

/* {..., userName, data, changes} */
static void append_change(struct op *op, struct consumed_event *consumed,
                          const struct event_type *type, const struct value *data)
{
    const struct event *event = &consumed->event;
    struct stream_entry *entry = entries_new(op, event, 1);
    struct change_message told = {
        .user_name = event->user_name,
        .data = shown(op, event, type->model, data),
        .changes = {event->changes.size > 0 ? event->changes : STR_NONE},
    };

    entry->goal_id = goal_of(event, type, data);
    told.envelope = envelope_of(op, event, type, data, entry->goal_id);
    entry->data =
        message(op, AS(change_message, &told), told.data.bytes.size + told.changes.bytes.size);
    append(op, consumed, entry, 1);
}

void stream_append(struct op *op, struct consumed_event *event)
{
    const struct event_type *type = event_type_find(event->event.type);
    struct value data;

    if (!unpack(op->arena, event->event.data, &data)) {
        op_fail(op, STATUS_INVALID_REQUEST);
        return;
    }
    if (!type || type->streams == STREAM_NONE)
        return;
    const struct model *told = message_model(type);
    if (told == &activity_message_model)
        append_activity(op, event, type, &data);
    else if (told == &reading_message_model)
        append_reading(op, event, type, &data);
    else
        append_change(op, event, type, &data);
}
