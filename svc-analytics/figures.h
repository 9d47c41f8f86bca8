/* A tenant's figures: everything that statistics, score and alignment answer and the report
 * repeats.
 *
 * They are computed from all of the tenant's rows and kept (kept.h). */
#ifndef TRACTION_FIGURES_H
#define TRACTION_FIGURES_H

#include "analytics.h"
#include "goals.h"
#include "op.h"

struct figures {
    struct goal_stats stats;
    struct performance_score score;
    struct team_alignment alignment;
    /* Nothing to score: its weight is left out. */
    bool goals_empty, strategies_empty, kpis_empty, actions_empty;
};

/* The figures of the caller's tenant. False when the op has failed. */
bool figures_load(struct op *op, struct figures *figures);
/* The statistics of the goals that the query selects. Likewise. */
bool figures_stats_of(struct op *op, struct goal_stats_query *query, struct goal_stats *stats);

/* Computes the tenant's figures and keeps them and the score. Also without a request. */
enum db_fault_kind figures_compute(struct process *process, struct arena *arena, struct str tenant,
                                   struct figures *figures);

/* --- figures_gather.c: what they are computed from, in one round trip --- */

struct figure_goal {
    struct uuid id;
    struct str status, horizon;
    struct timestamp due_date, completed_at;
};
struct figure_kpi {
    struct uuid id;
    enum kpi_direction direction;
    bool is_shared;
    double baseline_value, target_value; /* NaN: none */
    double first_value, last_value;      /* of the earliest and newest period; NaN: no reading */
};
struct figure_link {
    struct uuid goal_id, kpi_id;
    double threshold, risk_threshold;    /* NaN: the usual one */
    double baseline_value, target_value; /* of this goal only; NaN: the KPI's */
};
extern const struct model figure_kpi_model, figure_link_model;
struct figure_strategies {
    int64_t strategies, validated, adopted;
    int64_t aligned_goals; /* open ones with a validated or adopted strategy */
};
struct figure_actions {
    int64_t actions; /* that are not cancelled */
    int64_t completed, in_time, overdue;
};
struct figure_people {
    int64_t open_goals, people, on_several, goals_of_several, team_size;
};
struct score_kept {
    double score, alignment;
};

struct gathered {
    struct uuids stamps; /* none: nothing is known of the tenant */
    struct timestamp changed_at;
    struct list goals; /* struct figure_goal, by id */
    struct list kpis;  /* struct figure_kpi, by id */
    struct list links; /* struct figure_link, by goal; also of deleted goals */
    struct figure_strategies strategies;
    int64_t goal_actions; /* that serve the goals, without cancelled ones */
    struct figure_actions actions;
    struct figure_people people;
    struct score_kept before; /* seven days ago */
    bool has_before;
};

enum db_fault_kind figures_gather(struct session *session, struct timestamp now,
                                  struct gathered *gathered);
/* Only what the statistics need, of the goals that the query selects. */
enum db_fault_kind figures_gather_some(struct session *session, struct goal_stats_query *query,
                                       struct gathered *gathered);

/* --- figures_formulas.c: pure --- */
void figures_work_out(struct arena *arena, const struct gathered *gathered, struct timestamp now,
                      struct figures *figures);
void figures_work_out_stats(struct arena *arena, const struct gathered *gathered,
                            struct timestamp now, struct goal_stats *stats);
/* The link as goals show it, with its progress; false when there is no such KPI. `kpis` by id. */
bool figures_link(const struct list *kpis, const struct figure_link *link, struct goal_kpi *shown);
/* Whether the goal counts as complete: a completed goal stays so in the archive. */
bool figures_goal_done(struct str status, struct timestamp completed_at);

#endif
