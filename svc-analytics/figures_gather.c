/* Reads what figures are computed from. The stamps come first: what is committed while the rest is
 * read makes the figures newer than their stamps say, never older. */
#include "figures.h"

#include "queries.h"

static const struct field figure_goal_fields[] = {
    FIELD(figure_goal, id, "id", .flags = FIELD_INTERNAL),
    FIELD(figure_goal, status, "status", .flags = FIELD_INTERNAL),
    FIELD(figure_goal, horizon, "horizon", .flags = FIELD_INTERNAL),
    FIELD(figure_goal, due_date, "dueDate", .flags = FIELD_INTERNAL),
    FIELD(figure_goal, completed_at, "completedAt", .flags = FIELD_INTERNAL),
};
static const struct model figure_goal_model = MODEL("FigureGoal", figure_goal, figure_goal_fields);

static const struct field figure_strategies_fields[] = {
    FIELD(figure_strategies, strategies, "strategies", .flags = FIELD_INTERNAL),
    FIELD(figure_strategies, validated, "validated", .flags = FIELD_INTERNAL),
    FIELD(figure_strategies, adopted, "adopted", .flags = FIELD_INTERNAL),
    FIELD(figure_strategies, aligned_goals, "alignedGoals", .flags = FIELD_INTERNAL),
};
static const struct model figure_strategies_model =
    MODEL("FigureStrategies", figure_strategies, figure_strategies_fields);

static const struct field figure_actions_fields[] = {
    FIELD(figure_actions, actions, "actions", .flags = FIELD_INTERNAL),
    FIELD(figure_actions, completed, "completed", .flags = FIELD_INTERNAL),
    FIELD(figure_actions, in_time, "inTime", .flags = FIELD_INTERNAL),
    FIELD(figure_actions, overdue, "overdue", .flags = FIELD_INTERNAL),
};
static const struct model figure_actions_model =
    MODEL("FigureActions", figure_actions, figure_actions_fields);

static const struct field figure_people_fields[] = {
    FIELD(figure_people, open_goals, "openGoals", .flags = FIELD_INTERNAL),
    FIELD(figure_people, people, "people", .flags = FIELD_INTERNAL),
    FIELD(figure_people, on_several, "onSeveral", .flags = FIELD_INTERNAL),
    FIELD(figure_people, goals_of_several, "goalsOfSeveral", .flags = FIELD_INTERNAL),
    FIELD(figure_people, team_size, "teamSize", .flags = FIELD_INTERNAL),
};
static const struct model figure_people_model =
    MODEL("FigurePeople", figure_people, figure_people_fields);

static const struct field figure_kpi_fields[] = {
    FIELD(figure_kpi, id, "id", .flags = FIELD_INTERNAL),
    FIELD(figure_kpi, direction, "direction", .flags = FIELD_INTERNAL,
          .words = &kpi_direction_words),
    FIELD(figure_kpi, is_shared, "isShared", .flags = FIELD_INTERNAL),
    FIELD(figure_kpi, baseline_value, "baselineValue", .flags = FIELD_INTERNAL),
    FIELD(figure_kpi, target_value, "targetValue", .flags = FIELD_INTERNAL),
    FIELD(figure_kpi, first_value, "firstValue", .flags = FIELD_INTERNAL),
    FIELD(figure_kpi, last_value, "lastValue", .flags = FIELD_INTERNAL),
};
const struct model figure_kpi_model = MODEL("FigureKPI", figure_kpi, figure_kpi_fields);

static const struct field figure_link_fields[] = {
    FIELD(figure_link, goal_id, "goalId", .flags = FIELD_INTERNAL),
    FIELD(figure_link, kpi_id, "kpiId", .flags = FIELD_INTERNAL),
    FIELD(figure_link, threshold, "threshold", .flags = FIELD_INTERNAL),
    FIELD(figure_link, baseline_value, "baselineValue", .flags = FIELD_INTERNAL),
    FIELD(figure_link, target_value, "targetValue", .flags = FIELD_INTERNAL),
};
const struct model figure_link_model = MODEL("FigureLink", figure_link, figure_link_fields);

static const struct field score_kept_fields[] = {
    FIELD(score_kept, score, "score", .flags = FIELD_INTERNAL),
    FIELD(score_kept, alignment, "alignment", .flags = FIELD_INTERNAL),
};
static const struct model score_kept_model = MODEL("ScoreKept", score_kept, score_kept_fields);

struct stamps_row {
    struct uuids stamps;
    struct timestamp changed_at;
};
static const struct field stamps_row_fields[] = {
    FIELD(stamps_row, stamps, "stamps", .flags = FIELD_INTERNAL),
    FIELD(stamps_row, changed_at, "changedAt", .flags = FIELD_INTERNAL),
};
static const struct model stamps_row_model = MODEL("StampsRow", stamps_row, stamps_row_fields);

struct moment {
    struct timestamp before;
};
static const struct field moment_fields[] = {
    FIELD(moment, before, "before", .flags = FIELD_INTERNAL)};
static const struct model moment_model = MODEL("Moment", moment, moment_fields);

enum { TREND_DAYS = 7 };

enum db_fault_kind figures_gather(struct session *session, struct timestamp now, struct gathered *g)
{
    struct moment week_ago = {timestamp_add_days(now, -TREND_DAYS)};
    struct stamps_row stamps;
    bool found;

    *g = (struct gathered){.stamps = {NULL, 0}};
    model_clear(AS(stamps_row, &stamps));
    session_ask_row(session, STAMPS_READ, NOTHING, AS(stamps_row, &stamps), &found);
    session_ask_rows(session, FIGURE_GOALS, NOTHING, &figure_goal_model, &g->goals);
    session_ask_rows(session, FIGURE_KPIS, NOTHING, &figure_kpi_model, &g->kpis);
    session_ask_rows(session, FIGURE_LINKS, NOTHING, &figure_link_model, &g->links);
    session_ask_row(session, FIGURE_STRATEGIES, NOTHING, AS(figure_strategies, &g->strategies),
                    &found);
    session_ask_row(session, FIGURE_ACTIONS, NOTHING, AS(figure_actions, &g->actions), &found);
    session_ask_row(session, FIGURE_PEOPLE, NOTHING, AS(figure_people, &g->people), &found);
    session_ask_row(session, SCORE_BEFORE, AS(moment, &week_ago), AS(score_kept, &g->before),
                    &g->has_before);
    enum db_fault_kind kind = session_wait(session);
    g->stamps = stamps.stamps;
    g->changed_at = stamps.changed_at;
    return kind;
}
