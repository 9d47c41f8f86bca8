/* Reads the data of the figures. The stamps are read first: what is committed while the rest is
 * read makes the figures newer than their stamps, never older. */
#include "figures.h"

#include "kept.h"
#include "lookup.h"
#include "queries.h"

static const struct field figure_goal_fields[] = {
    COLUMN(figure_goal, id),       COLUMN(figure_goal, status),       COLUMN(figure_goal, horizon),
    COLUMN(figure_goal, due_date), COLUMN(figure_goal, completed_at),
};
const struct model figure_goal_model = MODEL("FigureGoal", figure_goal, figure_goal_fields);

static const struct field figure_strategies_fields[] = {
    COLUMN(figure_strategies, strategies),
    COLUMN(figure_strategies, validated),
    COLUMN(figure_strategies, adopted),
    COLUMN(figure_strategies, aligned_goals),
};
const struct model figure_strategies_model =
    MODEL("FigureStrategies", figure_strategies, figure_strategies_fields);

static const struct field figure_actions_fields[] = {
    COLUMN(figure_actions, actions),
    COLUMN(figure_actions, completed),
    COLUMN(figure_actions, in_time),
    COLUMN(figure_actions, overdue),
};
const struct model figure_actions_model =
    MODEL("FigureActions", figure_actions, figure_actions_fields);

static const struct field figure_people_fields[] = {
    COLUMN(figure_people, open_goals), COLUMN(figure_people, people),
    COLUMN(figure_people, on_several), COLUMN(figure_people, goals_of_several),
    COLUMN(figure_people, team_size),
};
const struct model figure_people_model = MODEL("FigurePeople", figure_people, figure_people_fields);

static const struct field figure_kpi_fields[] = {
    COLUMN(figure_kpi, id),
    FIELD(figure_kpi, direction, "direction", .flags = FIELD_INTERNAL,
          .enum_names = &kpi_direction_names),
    COLUMN(figure_kpi, is_shared),
    COLUMN(figure_kpi, baseline_value),
    COLUMN(figure_kpi, target_value),
    COLUMN(figure_kpi, first_value),
    COLUMN(figure_kpi, last_value),
};
const struct model figure_kpi_model = MODEL("FigureKPI", figure_kpi, figure_kpi_fields);

static const struct field figure_link_fields[] = {
    COLUMN(figure_link, goal_id),        COLUMN(figure_link, kpi_id),
    COLUMN(figure_link, threshold),      COLUMN(figure_link, risk_threshold),
    COLUMN(figure_link, baseline_value), COLUMN(figure_link, target_value),
};
const struct model figure_link_model = MODEL("FigureLink", figure_link, figure_link_fields);

static const struct field score_kept_fields[] = {
    COLUMN(score_kept, score),
    COLUMN(score_kept, alignment),
};
const struct model score_kept_model = MODEL("ScoreKept", score_kept, score_kept_fields);

struct moment {
    struct timestamp before;
};
static const struct field moment_fields[] = {COLUMN(moment, before)};
static const struct model moment_model = MODEL("Moment", moment, moment_fields);

enum { TREND_DAYS = 7 };

/* What the statistics of the selected goals need. */
static void queue_goals(struct session *session, struct goal_stats_query *query, struct gathered *g,
                        struct row_count *actions, bool *found)
{
    session_queue_rows(session, FIGURE_GOALS, AS(goal_stats_query, query), &figure_goal_model,
                       &g->goals);
    session_queue_rows(session, FIGURE_KPIS, NOTHING, &figure_kpi_model, &g->kpis);
    session_queue_rows(session, FIGURE_LINKS, NOTHING, &figure_link_model, &g->links);
    session_queue_row(session, FIGURE_STRATEGIES, AS(goal_stats_query, query),
                      AS(figure_strategies, &g->strategies), found);
    session_queue_row(session, FIGURE_GOAL_ACTIONS, AS(goal_stats_query, query),
                      AS(row_count, actions), found);
}

enum db_fault_kind figures_gather_some(struct session *session, struct goal_stats_query *query,
                                       struct gathered *g)
{
    struct row_count actions = {0};
    bool found;

    *g = (struct gathered){.stamps = {NULL, 0}};
    queue_goals(session, query, g, &actions, &found);
    enum db_fault_kind kind = session_wait(session);
    g->goal_actions = actions.count;
    return kind;
}

enum db_fault_kind figures_gather(struct session *session, struct timestamp now, struct gathered *g)
{
    struct moment week_ago = {timestamp_add_days(now, -TREND_DAYS)};
    struct goal_stats_query all = {.owner_id = STR_NONE};
    struct row_count actions = {0};
    struct stamps_row stamps;
    bool found;

    *g = (struct gathered){.stamps = {NULL, 0}};
    model_clear(AS(stamps_row, &stamps));
    session_queue_row(session, STAMPS_READ, NOTHING, AS(stamps_row, &stamps), &found);
    queue_goals(session, &all, g, &actions, &found);
    session_queue_row(session, FIGURE_ACTIONS, NOTHING, AS(figure_actions, &g->actions), &found);
    session_queue_row(session, FIGURE_PEOPLE, NOTHING, AS(figure_people, &g->people), &found);
    session_queue_row(session, SCORE_BEFORE, AS(moment, &week_ago), AS(score_kept, &g->before),
                      &g->has_before);
    enum db_fault_kind kind = session_wait(session);
    g->goal_actions = actions.count;
    g->stamps = stamps.stamps;
    g->changed_at = stamps.changed_at;
    return kind;
}
