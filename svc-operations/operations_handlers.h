/* The handlers of svc-operations: one function per operation, bound to its name in main.c. */
#ifndef TRACTION_OPERATIONS_HANDLERS_H
#define TRACTION_OPERATIONS_HANDLERS_H

#include "consumer.h"
#include "op.h"

/* action_read.c */
void action_get(struct op *op);
void action_list(struct op *op);

/* action_write.c */
void action_create(struct op *op);
void action_update(struct op *op);
void action_delete(struct op *op);

/* action_links.c */
void action_link_goals(struct op *op);
void action_link_strategies(struct op *op);
void action_unlink_all(struct op *op);

/* link_batches.c */
void goals_of_actions(struct op *op);
void strategies_of_actions(struct op *op);
void kpis_of_goals(struct op *op);

/* kpi_updates.c */
void kpi_update_create(struct op *op);

/* issue_read.c */
void issue_get(struct op *op);
void issue_list(struct op *op);

/* issue_write.c */
void issue_create(struct op *op);
void issue_update(struct op *op);
void issue_delete(struct op *op);

/* issue_types.c */
void issue_type_list(struct op *op);
void issue_type_get(struct op *op);
void issue_type_create(struct op *op);
void issue_type_update(struct op *op);
void issue_type_delete(struct op *op);
void issue_type_activate(struct op *op);

/* issue_statuses.c */
void issue_status_list(struct op *op);
void issue_status_get(struct op *op);
void issue_status_create(struct op *op);
void issue_status_update(struct op *op);
void issue_status_delete(struct op *op);
void issue_status_activate(struct op *op);

/* status_order.c */
void issue_statuses_reorder(struct op *op);

/* targets_gone.c: goals and strategies that were deleted */
void targets_gone(struct op *op, struct consumed_event *event);

#endif
