/* The handlers of svc-goals: one function per operation, bound to its name in main.c. */
#ifndef TRACTION_GOAL_HANDLERS_H
#define TRACTION_GOAL_HANDLERS_H

#include "op.h"
#include "service.h"

/* goal_read.c */
void goal_by_id_get(struct op *op);
void goals_get(struct op *op);

/* goal_write.c */
void goal_create(struct op *op);
void goal_update(struct op *op);
void goal_delete(struct op *op);

/* goal_moves.c */
void goal_activate(struct op *op);
void goal_pause(struct op *op);
void goal_close(struct op *op);

/* strategies.c */
void strategies_get(struct op *op);
void strategy_by_id_get(struct op *op);
void strategy_create(struct op *op);
void strategy_update(struct op *op);
void strategy_delete(struct op *op);

/* strategy_list.c */
void strategies_list(struct op *op);
void strategy_find(struct op *op);

/* strategy_order.c */
void strategies_reorder(struct op *op);

/* activity.c */
void goal_activity_get(struct op *op);
void goal_activity_create(struct op *op);
void goal_note_add(struct op *op);

/* goal_internal.c: asked by other services; these never call out */
void goals_check(struct op *op);
void goals_find(struct op *op);
void goals_name(struct op *op);

/* kpi_events.c: events of svc-kpis */
void kpi_event_apply(struct op *op, struct consumed_event *event);

/* reading_projection.c: an event of svc-kpis, and a leaf that does the same */
void reading_project(struct op *op, const struct event *event);
void reading_entries_add(struct op *op);

/* plan_projection.c: likewise */
void plan_project(struct op *op, const struct event *event);

/* action_projection.c: events of svc-operations */
void action_project(struct op *op, struct consumed_event *consumed);

/* snapshot.c: for consumers that need more than the log has */
void tenants_after(struct op *op);
void entities_after(struct op *op);

/* people.c */
void people_get(struct op *op);
void assignable_people_get(struct op *op);
void person_by_id_get(struct op *op);
void person_update(struct op *op);

#endif
