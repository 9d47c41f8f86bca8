/* The table of what streams show. */
#include "stream_types.h"

#include <string.h>

#include "actions.h"
#include "goals.h"
#include "issues.h"
#include "kpis.h"
#include "pack.h"

/* --- Data that no answer has --- */

struct statuses_reordered {
    struct str category;
    struct uuids status_ids;
    struct list statuses;
};
static const struct field statuses_reordered_fields[] = {
    FIELD(statuses_reordered, category, "category", .doc = "whose order it is"),
    FIELD(statuses_reordered, status_ids, "statusIds", .doc = "in their new order"),
    FIELD(statuses_reordered, statuses, "statuses", .model = &issue_status_model,
          .doc = "in their new order"),
};
static const struct model statuses_reordered_model =
    MODEL("IssueStatusesReordered", statuses_reordered, statuses_reordered_fields);

struct kpi_update_told {
    struct uuid action_id, kpi_id;
    struct reading reading;
    struct str horizon_id;
};
static const struct field kpi_update_told_fields[] = {
    FIELD(kpi_update_told, action_id, "actionId", .doc = "the action"),
    FIELD(kpi_update_told, kpi_id, "kpiId", .doc = "the KPI"),
    OBJECT(kpi_update_told, reading, "reading", &reading_model, .doc = "what is kept now"),
    FIELD(kpi_update_told, horizon_id, "horizonId", .doc = "as the client sent it"),
};
static const struct model kpi_update_told_model =
    MODEL("KPIUpdateTold", kpi_update_told, kpi_update_told_fields);

/* --- The table --- */

static const struct stream_type table[] = {
    {"activity.created", "activity", &activity_model, true},
    {"decision.created", "activity", &activity_model, true},
    {"attachment.created", "activity", &activity_model, true},
    {"kpi.reading.created", "kpi_reading", &reading_event_model, true},
    {"goal.created", "goal", &goal_model, false},
    {"goal.updated", "goal", &goal_model, false},
    {"goal.deleted", "goal", &goal_model, false},
    {"goal.activated", "goal", &goal_model, false},
    {"goal.paused", "goal", &goal_model, false},
    {"goal.completed", "goal", &goal_model, false},
    {"goal.cancelled", "goal", &goal_model, false},
    {"strategy.created", "strategy", &strategy_model, false},
    {"strategy.updated", "strategy", &strategy_model, false},
    {"strategy.deleted", "strategy", &strategy_model, false},
    {"strategy.reordered", "goal", &strategies_reordered_model, false},
    {"kpi.created", "kpi", &kpi_model, false},
    {"kpi.updated", "kpi", &kpi_model, false},
    {"kpi.deleted", "kpi", &kpi_model, false},
    {"kpi.linked", "kpi_link", &goal_kpi_model, false},
    {"kpi.unlinked", "kpi_link", &goal_kpi_model, false},
    {"action.created", "action", &action_model, false},
    {"action.updated", "action", &action_model, false},
    {"action.completed", "action", &action_model, false},
    {"action.deleted", "action", &action_model, false},
    {"issue.created", "issue", &issue_model, false},
    {"issue.updated", "issue", &issue_model, false},
    {"issue.deleted", "issue", &issue_model, false},
    {"issue_type.created", "issue_type", &issue_type_model, false},
    {"issue_type.updated", "issue_type", &issue_type_model, false},
    {"issue_type.deleted", "issue_type", &issue_type_model, false},
    {"issue_type.activated", "issue_type", &issue_type_model, false},
    {"issue_status.created", "issue_status", &issue_status_model, false},
    {"issue_status.updated", "issue_status", &issue_status_model, false},
    {"issue_status.deleted", "issue_status", &issue_status_model, false},
    {"issue_status.activated", "issue_status", &issue_status_model, false},
    {"issue_status.reordered", "issue_status", &statuses_reordered_model, false},
    {"kpi_update.created", "action", &kpi_update_told_model, false},
    {NULL, NULL, NULL, false},
};
const struct stream_type *const stream_types = table;

const struct stream_type *stream_type_find(struct str type)
{
    const struct stream_type *row = table;

    while (row->type && !str_equal(type, str_of(row->type)))
        row++;
    return row->type ? row : NULL;
}

bool stream_type_meant(struct str wish, struct str type)
{
    if (wish.size < 2 || wish.data[wish.size - 1] != '*' || wish.data[wish.size - 2] != '.')
        return str_equal(wish, type);
    wish.size--;
    return str_starts_with(type, wish);
}

/* --- Data --- */

static const struct field *shown_field(const struct model *model, struct str name)
{
    for (size_t i = 0; i < model->count; i++) {
        const struct field *field = &model->fields[i];
        if (!(field->flags & (FIELD_INTERNAL | FIELD_WRITE_ONLY)) &&
            str_equal(name, str_of(field->name)))
            return field;
    }
    return NULL;
}

static void pack_object(struct buffer *out, const struct model *model, const struct value *object)
{
    struct pack_open open = pack_map_open(out);

    for (uint32_t i = 0; i < object->count; i++) {
        const struct field *field = shown_field(model, object->pairs[i].key);
        if (!field)
            continue;
        pack_key(out, field->name);
        stream_data_pack(out, field->model, &object->pairs[i].value);
        open.count++;
    }
    pack_map_close(out, open);
}

void stream_data_pack(struct buffer *out, const struct model *model, const struct value *value)
{
    if (model && value->type == VALUE_MAP) {
        pack_object(out, model, value);
    } else if (model && value->type == VALUE_ARRAY) {
        pack_array(out, value->count);
        for (uint32_t i = 0; i < value->count; i++)
            stream_data_pack(out, model, &value->items[i]);
    } else {
        pack_raw(out, value->raw);
    }
}
