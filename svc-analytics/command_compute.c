/* Computing the command center of a tenant and keeping it. */
#include "command_figures.h"

#include "queries.h"
#include "service.h"

static enum db_fault_kind compute(struct process *process, struct arena *arena,
                                  const struct session_context *context, void *target,
                                  struct uuids *stamps);
const struct kept command_kept = {&command_center_model, COMMAND_CENTER_READ, compute};

static enum db_fault_kind keep(struct process *process, struct arena *arena,
                               const struct session_context *context, struct uuids stamps,
                               struct command_center *center)
{
    struct session *session =
        session_begin(service_database(process), arena, true, context, monotonic_us() + COMPUTE_US);
    struct kept_row row = {.computed_at = context->now, .stamps = stamps};

    kept_put(&command_kept, session, COMMAND_CENTER_PUT, arena, row, center);
    enum db_fault_kind kind = session_commit(session);
    session_end(&session);
    return kind;
}

static void want_titles(struct arena *arena, const struct command_rows *rows,
                        const struct command_judged *judged, struct command_titles *titles)
{
    const struct action_past_due *actions = rows->past_due.items;
    const struct measure_at_risk *measures = judged->measures.items;

    for (size_t i = 0; i < rows->past_due.count; i++)
        command_want_served(arena, titles, &actions[i].serves);
    for (size_t i = 0; i < judged->measures.count; i++) {
        command_want(arena, &titles->goal_ids, measures[i].goal_id);
        command_want(arena, &titles->strategy_ids, measures[i].strategy_id);
        command_want(arena, &titles->kpi_ids, measures[i].kpi_id);
    }
    for (size_t i = 0; i < judged->goal_count; i++)
        command_want(arena, &titles->kpi_ids, judged->goals[i].primary.kpi_id);
}

static void name_measures(const struct command_titles *titles, struct list *measures)
{
    struct measure_at_risk *items = measures->items;

    for (size_t i = 0; i < measures->count; i++) {
        items[i].kpi_name = command_title_of(titles, items[i].kpi_id);
        items[i].goal_title = command_title_of(titles, items[i].goal_id);
        items[i].strategy_title = command_title_of(titles, items[i].strategy_id);
        if (!items[i].strategy_title.data)
            items[i].strategy_id = (struct uuid){{0}}; /* deleted */
    }
}

static void name_past_due(const struct command_titles *titles, struct timestamp now,
                          struct list *actions)
{
    struct action_past_due *items = actions->items;

    for (size_t i = 0; i < actions->count; i++) {
        command_serve(titles, &items[i].serves);
        items[i].days_past_due = timestamp_days_between(items[i].due_date, now);
    }
}

static enum db_fault_kind gather(struct session *session, struct arena *arena, struct timestamp now,
                                 struct uuids *stamps, struct command_center *center)
{
    struct command_rows rows;
    struct command_judged judged;
    struct command_titles titles = {.rows = {NULL, 0}};
    struct command_details details = {.goal_ids = {NULL, 0}};
    enum db_fault_kind kind = command_gather(session, &rows);

    if (kind != DB_OK)
        return kind;
    *stamps = rows.stamps.stamps;
    command_judge(arena, &rows, now, &judged);
    want_titles(arena, &rows, &judged, &titles);
    for (size_t i = 0; i < judged.goal_count; i++)
        command_want(arena, &details.goal_ids, judged.goals[i].goal.id);
    kind = command_gather_details(session, &details, &titles);
    if (kind != DB_OK)
        return kind;
    name_measures(&titles, &judged.measures);
    name_past_due(&titles, now, &rows.past_due);
    *center = (struct command_center){
        .alerts = {judged.measures, rows.past_due, rows.issues},
        .goals = command_goals(arena, &judged, &details, &titles),
        .stats = judged.stats,
        .generated_at = now,
    };
    return DB_OK;
}

static enum db_fault_kind compute(struct process *process, struct arena *arena,
                                  const struct session_context *context, void *target,
                                  struct uuids *stamps)
{
    struct session *session = session_begin(service_database(process), arena, false, context,
                                            monotonic_us() + COMPUTE_US);
    enum db_fault_kind kind = gather(session, arena, context->now, stamps, target);

    session_end(&session);
    /* Nothing is stored for a tenant without events. */
    return kind == DB_OK && stamps->count > 0 ? keep(process, arena, context, *stamps, target)
                                              : kind;
}
