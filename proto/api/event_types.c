/* The table of events.def. */
#include "event_types.h"

#include "actions.h"
#include "goals.h"
#include "issue_sets.h"
#include "issues.h"
#include "kpis.h"
#include "measurements.h"
#include "people.h"
#include "plan_adjustments.h"
#include "replan_rules.h"
#include "target_points.h"

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

struct kpi_update_event {
    struct uuid action_id, kpi_id;
    struct reading reading;
    struct str horizon_id;
};
static const struct field kpi_update_event_fields[] = {
    FIELD(kpi_update_event, action_id, "actionId", .doc = "the action"),
    FIELD(kpi_update_event, kpi_id, "kpiId", .doc = "the KPI"),
    OBJECT(kpi_update_event, reading, "reading", &reading_model, .doc = "what is kept now"),
    FIELD(kpi_update_event, horizon_id, "horizonId", .doc = "as the client sent it"),
};
static const struct model kpi_update_event_model =
    MODEL("KPIUpdateTold", kpi_update_event, kpi_update_event_fields);

/* --- The table --- */

#define EVENT(id, type, ...) const char EVENT_##id[] = type;
#include "events.def"
#undef EVENT

#define NOBODY
#define MUST(id) | 1u << SERVICE_##id
static const struct event_type table[] = {
/* `must` begins with an operator. NOLINTBEGIN(bugprone-macro-parentheses) */
#define EVENT(id, type, source, entity, model, streams, must) \
    {EVENT_##id, SERVICE_##source, entity, model, streams, 0 must},
/* NOLINTEND(bugprone-macro-parentheses) */
#include "events.def"
#undef EVENT
};
const struct event_type *const event_types = table;
const size_t event_type_count = sizeof table / sizeof *table;

const struct event_type *event_type_find(struct str type)
{
    for (size_t i = 0; i < event_type_count; i++)
        if (str_equal(type, str_of(table[i].type)))
            return &table[i];
    return NULL;
}

bool event_type_matches(struct str pattern, struct str type)
{
    if (pattern.size < 2 || pattern.data[pattern.size - 1] != '*' ||
        pattern.data[pattern.size - 2] != '.')
        return str_equal(pattern, type);
    pattern.size--;
    return str_starts_with(type, pattern);
}
