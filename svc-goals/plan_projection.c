/* The plan of a KPI was adjusted, or should be: adds an entry to the feed of every goal that the
 * KPI is linked to. The event is certain to arrive, and nobody waits for the entry. Streams show
 * the event itself, so the entries have no events. */
#include "activity_entry.h"
#include "event.h"
#include "goal_handlers.h"
#include "queries.h"

/* The parts of kpi.plan.adjusted and kpi.replan.suggested that entries need. */
struct told_id {
    struct uuid id;
};
static const struct field told_id_fields[] = {FIELD(told_id, id, "id")};
static const struct model told_id_model = MODEL("IdPart", told_id, told_id_fields);

struct told_plan {
    struct told_id kpi;
    struct told_id adjustment; /* absent: it was suggested */
    struct uuid actual_id;
    struct uuids goal_ids, activity_ids;
    struct str title, text;
};
static const struct field told_plan_fields[] = {
    OBJECT(told_plan, kpi, "kpi", &told_id_model, .flags = FIELD_REQUIRED),
    OBJECT(told_plan, adjustment, "adjustment", &told_id_model, .flags = 0),
    FIELD(told_plan, actual_id, "actualId"),
    FIELD(told_plan, goal_ids, "goalIds", .max = 1e9),
    FIELD(told_plan, activity_ids, "activityIds", .max = 1e9),
    FIELD(told_plan, title, "title"),
    FIELD(told_plan, text, "text", .flags = FIELD_REQUIRED),
};
static const struct model told_plan_model = MODEL("PlanTold", told_plan, told_plan_fields);

/* {"kpiId", "adjustmentId" or "actualId"} */
static struct packed metadata_of(struct op *op, const struct told_plan *plan)
{
    bool adjusted = !uuid_is_none(plan->adjustment.id);
    struct buffer out = buffer_in(op->arena, 128);

    pack_map(&out, 2);
    pack_key(&out, "kpiId");
    pack_uuid(&out, plan->kpi.id);
    pack_key(&out, adjusted ? "adjustmentId" : "actualId");
    pack_uuid(&out, adjusted ? plan->adjustment.id : plan->actual_id);
    return (struct packed){buffer_str(&out)};
}

void plan_project(struct op *op, const struct event *event)
{
    struct told_plan plan;

    if (!op_body(op, AS(told_plan, &plan)))
        return;
    if (plan.goal_ids.count != plan.activity_ids.count) {
        op_fail(op, STATUS_INVALID_REQUEST);
        return;
    }
    struct entries_input input = {
        .ids = plan.activity_ids,
        .goal_ids = plan.goal_ids,
        .title = plan.title,
        .text = plan.text,
        .author = event->user_id,
        .metadata = metadata_of(op, &plan),
        .at = event->at,
    };
    if (plan.goal_ids.count > 0)
        sql_exec(op, ACTIVITY_INSERT_MANY, AS(entries_input, &input));
}
