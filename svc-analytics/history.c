/* Writing the history: a row for each event that tells of a change of the tenant's things, with
 * what they were before and after. */
#include <string.h>

#include "event_types.h"
#include "projection.h"
#include "queries.h"
#include "stream.h"
#include "unpack.h"

struct history_row {
    struct uuid id;
    struct str type, entity_id, title;
    int64_t version;
    struct str request_id;
    struct uuid caused_by;
    struct packed changes, data;
};
static const struct field history_row_fields[] = {
    COLUMN(history_row, id),        COLUMN(history_row, type),    COLUMN(history_row, entity_id),
    COLUMN(history_row, title),     COLUMN(history_row, version), COLUMN(history_row, request_id),
    COLUMN(history_row, caused_by), COLUMN(history_row, changes), COLUMN(history_row, data),
};
const struct model history_row_model = MODEL("HistoryRow", history_row, history_row_fields);

/* That an action was completed is told by the event of its change, too. */
static bool is_told_otherwise(const struct event_type *type)
{
    return strcmp(type->type, EVENT_ACTION_COMPLETED) == 0;
}

/* Whether the event is that its entity appeared ("created") or went away ("deleted"), with the
 * entity as its data: "kpi.target.created" is of a kpi_target. What feeds show has other data. */
static bool is_whole(const struct event_type *type, const char *what)
{
    size_t size = strlen(type->type), entity = strlen(type->entity);

    return type->streams != STREAM_FEED && size == entity + 1 + strlen(what) &&
           strcmp(type->type + entity + 1, what) == 0;
}

static struct packed all_changed(struct op *op, const struct event *event,
                                 const struct event_type *type, const struct value *data,
                                 bool appeared)
{
    struct buffer out = buffer_in(op->arena, event->data.size + 64);

    model_pack_all_changed(type->model, data, appeared, &out);
    return (struct packed){buffer_str(&out)};
}

static void tell_changes(struct op *op, const struct event *event, const struct event_type *type,
                         const struct value *data, struct history_row *row)
{
    bool created = is_whole(type, "created");

    if (event->changes.size > 0) {
        row->changes.bytes = event->changes;
    } else if (created || is_whole(type, "deleted")) {
        row->changes = all_changed(op, event, type, data, created);
    } else if (uuid_is_none(row->caused_by)) {
        struct buffer out = buffer_in(op->arena, event->data.size);
        stream_data_pack(&out, type->model, data);
        row->data.bytes = buffer_str(&out);
    }
}

/* A person's is another system's id, of which the event's entity is made. */
static struct str entity_id_of(struct op *op, const struct event *event, const struct value *data)
{
    char text[UUID_TEXT_SIZE];

    if (str_equal(event->type, str_of(EVENT_PERSON_UPDATED)))
        return value_text(value_get(data, "id"));
    uuid_format(event->entity, text);
    return arena_copy(op->arena, (struct str){text, sizeof text});
}

/* Of a reading it is the KPI's. */
static struct str title_of(const struct value *data)
{
    static const char *const names[] = {"title", "name"};
    struct str title = STR_NONE;

    for (size_t i = 0; i < sizeof names / sizeof *names && !title.data; i++)
        title = value_text(value_get(data, names[i]));
    return title.data ? title : value_text(value_get(value_get(data, "kpi"), "name"));
}

void history_add(struct op *op, const struct event *event)
{
    const struct event_type *type = event_type_find(event->type);
    struct value data;

    if (event->snapshot || !type || type->streams == STREAM_NONE || is_told_otherwise(type))
        return;
    if (!unpack(op->arena, event->data, &data)) {
        op_fail(op, STATUS_INVALID_REQUEST);
        return;
    }
    struct history_row row = {
        .id = event->id,
        .type = event->type,
        .entity_id = entity_id_of(op, event, &data),
        .title = title_of(&data),
        .version = event->version,
        .request_id = event->request_id,
    };
    uuid_parse(value_text(value_get(&data, "causedBy")), &row.caused_by);
    tell_changes(op, event, type, &data, &row);
    sql_exec(op, HISTORY_ADD, AS(history_row, &row));
}
