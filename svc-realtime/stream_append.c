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
static void pack_entity_id(struct buffer *out, const struct event *event,
                           const struct event_type *type, const struct value *data)
{
    pack_key(out, "entityId");
    if (type->model == &person_model)
        pack_text(out, value_text(value_get(data, "id")));
    else
        pack_uuid(out, event->entity);
}

static void pack_envelope(struct buffer *out, const struct event *event,
                          const struct event_type *type, const struct value *data, struct uuid goal,
                          size_t more)
{
    pack_map(out, 8 + more);
    pack_key(out, "type");
    pack_text(out, event->type);
    pack_key(out, "tenantId");
    pack_text(out, event->tenant);
    pack_key(out, "entityType");
    pack_text(out, str_of(type->entity));
    pack_entity_id(out, event, type, data);
    pack_key(out, "goalId");
    pack_uuid(out, goal);
    pack_key(out, "version");
    pack_int(out, event->version);
    pack_key(out, "userId");
    pack_text(out, event->user_id);
    pack_key(out, "at");
    pack_time(out, event->at);
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
    struct buffer out = buffer_in(op->arena, event->event.data.size + 512);

    entry->goal_id = uuid_in(data, "goalId");
    if (uuid_is_none(entry->goal_id)) {
        op_fail(op, STATUS_INVALID_REQUEST);
        return;
    }
    pack_envelope(&out, &event->event, type, data, entry->goal_id, 1);
    pack_key(&out, "activity");
    stream_data_pack(&out, type->model, data);
    entry->data.bytes = buffer_str(&out);
    entry->shown = true;
    append(op, event, entry, 1);
}

/* What a reading's entries have in common: {..., kpi, reading}, without the envelope. */
static struct str pack_common(struct op *op, const struct value *data)
{
    struct buffer out = buffer_in(op->arena, 1024);

    pack_key(&out, "kpi");
    stream_data_pack(&out, &reading_event_kpi_model, value_get(data, "kpi"));
    pack_key(&out, "reading");
    stream_data_pack(&out, &reading_model, value_get(data, "reading"));
    return buffer_str(&out);
}

/* {..., kpi, reading, activity}: one for each goal that the KPI is linked to, or one for no goal.
 * The activity is the readable form, and has the id of the feed's entry. */
static struct str reading_data(struct op *op, const struct event *event,
                               const struct event_type *type, const struct reading_event *reading,
                               struct str common, size_t i)
{
    struct buffer out =
        buffer_in(op->arena, common.size + reading->text.size + reading->title.size + 512);
    bool linked = i < reading->goal_ids.count;

    pack_envelope(&out, event, type, NULL, linked ? reading->goal_ids.items[i] : (struct uuid){{0}},
                  linked ? 3 : 2);
    pack_raw(&out, common);
    if (!linked)
        return buffer_str(&out);
    pack_key(&out, "activity");
    pack_map(&out, 5);
    pack_key(&out, "id");
    pack_uuid(&out, reading->activity_ids.items[i]);
    pack_key(&out, "text");
    pack_text(&out, reading->text);
    pack_key(&out, "createdAt");
    pack_time(&out, event->at);
    pack_key(&out, "title");
    pack_text(&out, reading->title);
    pack_key(&out, "url");
    pack_nil(&out);
    return buffer_str(&out);
}

static void append_reading(struct op *op, struct consumed_event *event,
                           const struct event_type *type, const struct value *data)
{
    struct reading_event reading;

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
    struct str common = pack_common(op, data);
    for (size_t i = 0; i < count; i++) {
        entries[i].data.bytes = reading_data(op, &event->event, type, &reading, common, i);
        if (reading.goal_ids.count > 0) {
            entries[i].goal_id = reading.goal_ids.items[i];
            entries[i].shown = true;
        }
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
    struct buffer out = buffer_in(op->arena, event->data.size + event->changes.size + 512);
    bool changes = event->changes.size > 0;

    entry->goal_id = goal_of(event, type, data);
    pack_envelope(&out, event, type, data, entry->goal_id, changes ? 3 : 2);
    pack_key(&out, "userName");
    pack_text(&out, event->user_name);
    pack_key(&out, "data");
    stream_data_pack(&out, type->model, data);
    if (changes) {
        pack_key(&out, "changes");
        pack_raw(&out, event->changes);
    }
    entry->data.bytes = buffer_str(&out);
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
    if (type->model == &activity_model)
        append_activity(op, event, type, &data);
    else if (type->model == &reading_event_model)
        append_reading(op, event, type, &data);
    else
        append_change(op, event, type, &data);
}
