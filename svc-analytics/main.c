/* svc-analytics: statistics, scores and reports, from its own projections of the events. */
#include "analytics_handlers.h"
#include "config.h"
#include "fiber.h"
#include "kept_texts.h"
#include "projection.h"
#include "queries.h"

enum { SCORES_MS = 60000, TEXTS_MS = 60000, HISTORY_MS = 3600000 };

static const struct handler handlers[] = {
    HANDLER("loadGoalStats", goal_stats_load),
    HANDLER("loadRecentActivity", recent_activity_load),
    HANDLER("loadPerformanceScore", performance_score_load),
    HANDLER("loadTeamAlignment", team_alignment_load),
    HANDLER("loadCommandCenter", command_center_load),
    HANDLER("getGoalHistory", goal_history_get),
    HANDLER("getKPIHistory", kpi_history_get),
    HANDLER("getActionHistory", action_history_get),
    HANDLER("getIssueHistory", issue_history_get),
    HANDLER("getAuditLog", audit_log_get),
    HANDLER("generateReport", report_generate),
    {.operation = NULL},
};

static const struct consumer_spec consumes[] = {
    {.source = SERVICE_GOALS,
     .kinds = (const char *const[]){"goals", "strategies", NULL},
     .added_kinds = (const char *const[]){"people", NULL},
     .rebuilds = true,
     .apply = goals_project},
    {.source = SERVICE_KPIS,
     .kinds = (const char *const[]){"kpis", "links", "readings", NULL},
     .added_kinds = (const char *const[]){"targets", "anchors", NULL},
     .rebuilds = true,
     .apply = kpis_project},
    {.source = SERVICE_OPERATIONS,
     .kinds = (const char *const[]){"actions", "issues", NULL},
     .rebuilds = true,
     .apply = operations_project},
    {.source = SERVICE_GATEWAY},
};

static const struct service_task tasks[] = {
    {"--rebuild", "makes the projections anew from snapshots of the services; the service may run",
     "SET app.rebuild = on", rebuild},
    {NULL, NULL, NULL, NULL},
};

static void keep_scores(void *process)
{
    scores_keep(process);
}

static void keep_history(void *process)
{
    history_keep(process);
}

static bool start(struct process *process)
{
    fiber_start(keep_history, process);
    service_every(process, HISTORY_MS, history_keep);
    fiber_start(keep_scores, process); /* of a day on which it was down until now */
    service_every(process, SCORES_MS, scores_keep);
    kept_texts_open((size_t)config_int(CONFIG_KEPT_TEXT_BYTES));
    service_every(process, TEXTS_MS, command_texts_expire);
    return true;
}

static void collect(struct metrics *metrics)
{
    report_collect(metrics);
    kept_texts_collect(metrics);
}

int main(int argc, char **argv)
{
    return service_main(
        &(struct service_program){
            .service = SERVICE_ANALYTICS,
            .handlers = handlers,
            .statements = service_statements,
            .migrations = service_migrations,
            .consumes = consumes,
            .tasks = tasks,
            .collect = collect,
            .start = start,
        },
        argc, argv);
}
