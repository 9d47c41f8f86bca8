/* The handlers of svc-operations: one function per operation, bound to its name in main.c. */
#ifndef TRACTION_OPERATIONS_HANDLERS_H
#define TRACTION_OPERATIONS_HANDLERS_H

#include "consumer.h"
#include "op.h"

/* action_read.c */
void action_by_id_get(struct op *op);
void actions_get(struct op *op);

/* action_write.c */
void action_create(struct op *op);
void action_with_context_create(struct op *op);
void action_update(struct op *op);
void action_patch(struct op *op);
void action_delete(struct op *op);

/* action_moves.c */
void action_status_change(struct op *op);
void action_complete(struct op *op);
void kpi_update_prompt_get(struct op *op);

/* action_links.c */
void action_to_goals_link(struct op *op);
void action_to_strategies_link(struct op *op);
void action_to_issues_link(struct op *op);
void action_connections_set(struct op *op);
void action_relationships_clear(struct op *op);

/* action_related.c */
void action_relationships_get(struct op *op);

/* link_batches.c */
void action_goal_relationships_get(struct op *op);
void action_strategy_relationships_get(struct op *op);
void goal_kpi_relationships_get(struct op *op);

/* kpi_updates.c */
void kpi_update_sync(struct op *op);
void kpi_updates_get(struct op *op);
void kpi_from_action_update(struct op *op);
void action_kpi_update_add(struct op *op);

/* issue_read.c */
void issue_by_id_get(struct op *op);
void issues_get(struct op *op);

/* issue_write.c */
void issue_create(struct op *op);
void issue_update(struct op *op);
void issue_delete(struct op *op);

/* issue_convert.c */
void issue_from_action_create(struct op *op);
void issue_to_actions_convert(struct op *op);

/* issue_order.c */
void issues_reorder(struct op *op);

/* issue_stats.c */
void issue_stats_get(struct op *op);

/* issue_moves.c */
void issue_start(struct op *op);
void issue_resolve(struct op *op);
void issue_close(struct op *op);
void issue_close_put(struct op *op);
void issue_reopen(struct op *op);
void issue_status_change(struct op *op);
void issue_assign(struct op *op);

/* issue_actions.c */
void closure_eligibility_get(struct op *op);
void issue_status_get(struct op *op);
void related_actions_get(struct op *op);

/* issue_details.c */
void root_cause_add(struct op *op);
void issue_tags_add(struct op *op);
void issue_tags_remove(struct op *op);

/* issue_links.c */
void issue_to_goals_link(struct op *op);
void issue_to_strategies_link(struct op *op);
void issue_to_actions_link(struct op *op);
void issue_relationships_clear(struct op *op);

/* issue_types.c */
void issue_types_get(struct op *op);
void issue_type_by_id_get(struct op *op);
void issue_type_create(struct op *op);
void issue_type_update(struct op *op);
void issue_type_delete(struct op *op);
void issue_type_activate(struct op *op);

/* issue_statuses.c */
void issue_statuses_get(struct op *op);
void issue_status_by_id_get(struct op *op);
void issue_status_create(struct op *op);
void issue_status_update(struct op *op);
void issue_status_delete(struct op *op);
void issue_status_activate(struct op *op);

/* status_order.c */
void issue_statuses_reorder(struct op *op);

/* targets_deleted.c: goals and strategies that were deleted */
void goal_event_apply(struct op *op, struct consumed_event *event);

/* snapshot.c: for consumers that need more than the log has */
void tenants_after(struct op *op);
void entities_after(struct op *op);

#endif
