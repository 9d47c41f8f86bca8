/* Events of svc-kpis that have entries in the feeds of goals. */
#include "event.h"
#include "event_types.h"
#include "goal_handlers.h"

void kpi_event_apply(struct op *op, struct consumed_event *event)
{
    static const struct {
        const char *type;
        void (*apply)(struct op *op, const struct event *event);
    } table[] = {
        {EVENT_KPI_READING_CREATED, reading_project},
        {EVENT_KPI_PLAN_ADJUSTED, plan_project},
        {EVENT_KPI_REPLAN_SUGGESTED, plan_project},
    };

    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (str_equal(event->event.type, str_of(table[i].type)))
            table[i].apply(op, &event->event);
}
