/* Computing figures and keeping them. */
#include "figures.h"

#include "kept.h"
#include "queries.h"
#include "service.h"

static const struct field figures_fields[] = {
    OBJECT(figures, stats, "stats", &goal_stats_model, .flags = FIELD_REQUIRED),
    OBJECT(figures, score, "score", &performance_score_model, .flags = FIELD_REQUIRED),
    OBJECT(figures, alignment, "alignment", &team_alignment_model, .flags = FIELD_REQUIRED),
    FIELD(figures, goals_empty, "goalsEmpty"),
    FIELD(figures, strategies_empty, "strategiesEmpty"),
    FIELD(figures, kpis_empty, "kpisEmpty"),
    FIELD(figures, actions_empty, "actionsEmpty"),
};
static const struct model figures_model = MODEL("Figures", figures, figures_fields);

/* SCORE_PUT */
struct score_row {
    struct timestamp computed_at, changed_at;
    double score, alignment;
};
static const struct field score_row_fields[] = {
    COLUMN(score_row, computed_at),
    COLUMN(score_row, changed_at),
    COLUMN(score_row, score),
    COLUMN(score_row, alignment),
};
const struct model score_row_model = MODEL("ScoreRow", score_row, score_row_fields);

static enum db_fault_kind compute(struct process *process, struct arena *arena,
                                  const struct session_context *context, void *target,
                                  struct uuids *stamps);
static const struct kept figures_kept = {&figures_model, FIGURES_READ, compute};

static enum db_fault_kind keep(struct process *process, struct arena *arena,
                               const struct session_context *context,
                               const struct gathered *gathered, struct figures *figures)
{
    struct session *session =
        session_begin(service_database(process), arena, true, context, monotonic_us() + COMPUTE_US);
    struct kept_row row = {.computed_at = context->now, .stamps = gathered->stamps};
    struct score_row score = {
        .computed_at = context->now,
        .changed_at = gathered->changed_at,
        .score = figures->score.overall_score,
        .alignment = figures->alignment.alignment_score,
    };

    kept_put(&figures_kept, session, FIGURES_PUT, arena, row, figures);
    session_queue(session, SCORE_PUT, AS(score_row, &score));
    enum db_fault_kind kind = session_commit(session);
    session_end(&session);
    return kind;
}

static enum db_fault_kind compute(struct process *process, struct arena *arena,
                                  const struct session_context *context, void *target,
                                  struct uuids *stamps)
{
    struct gathered gathered;
    struct session *session = session_begin(service_database(process), arena, false, context,
                                            monotonic_us() + COMPUTE_US);
    enum db_fault_kind kind = figures_gather(session, context->now, &gathered);

    session_end(&session);
    if (kind != DB_OK)
        return kind;
    *stamps = gathered.stamps;
    figures_work_out(arena, &gathered, context->now, target);
    /* Nothing is stored for a tenant without events. */
    return gathered.stamps.count > 0 ? keep(process, arena, context, &gathered, target) : DB_OK;
}

enum db_fault_kind figures_compute(struct process *process, struct arena *arena, struct str tenant,
                                   struct figures *figures)
{
    return kept_compute(&figures_kept, process, arena, tenant, figures);
}

bool figures_load(struct op *op, struct figures *figures)
{
    return kept_load(op, &figures_kept, figures, NULL);
}

bool figures_stats_of(struct op *op, struct goal_stats_query *query, struct goal_stats *stats)
{
    struct session_context context = {op->request->tenant, STR(""), op->now};
    struct gathered gathered;
    struct session *session = session_begin(service_database(op->process), op->arena, false,
                                            &context, monotonic_us() + COMPUTE_US);
    enum db_fault_kind kind = figures_gather_some(session, query, &gathered);

    session_end(&session);
    if (kind != DB_OK)
        return kept_fail(op, kind);
    figures_work_out_stats(op->arena, &gathered, op->now, stats);
    return true;
}
