/* The handlers of svc-analytics: one function per operation, bound to its name in main.c, and
 * background tasks. */
#ifndef TRACTION_ANALYTICS_HANDLERS_H
#define TRACTION_ANALYTICS_HANDLERS_H

#include "admin.h"
#include "op.h"
#include "service.h"

/* statistics.c */
void goal_stats_load(struct op *op);
void performance_score_load(struct op *op);
void team_alignment_load(struct op *op);
void command_center_load(struct op *op);

/* recent.c */
void recent_activity_load(struct op *op);

/* history_read.c */
void goal_history_get(struct op *op);
void kpi_history_get(struct op *op);
void action_history_get(struct op *op);
void issue_history_get(struct op *op);
void audit_log_get(struct op *op);

/* history_retention.c: deletes what is older than the history is kept. */
void history_keep(struct process *process);

/* command_text.c: frees what is kept in vain. */
void command_texts_expire(struct process *process);

/* report.c */
void report_generate(struct op *op);
/* report_metrics.c */
void report_collect(struct metrics *metrics);

/* scores.c: keeps every tenant's score, so that there are trends. */
void scores_keep(struct process *process);

/* rebuild.c: rebuilds the projections from the services' logs. */
bool rebuild(struct process *process);

#endif
