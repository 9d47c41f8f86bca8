/* svc-kpis: the catalogue of KPIs, their readings and their links to goals. */
#include "kpi_handlers.h"
#include "queries.h"
#include "service.h"

static const struct handler handlers[] = {
    {"getSharedKPIs", kpi_list},
    {"createSharedKPI", kpi_create},
    {"getKPIById", kpi_get},
    {"updateSharedKPI", kpi_update},
    {"deleteSharedKPI", kpi_delete},
    {"getKPIReadings", reading_list},
    {"createKPIReading", reading_create},
    {"attachKPI", link_put},
    {"detachKPI", link_delete},
    {"updateKPIThreshold", link_set_threshold},
    {"getKPILinkage", link_get},
    {"kpisOfGoals", kpis_of_goals},
    {"recordKPIReading", reading_record},
    {"checkKPI", kpi_check},
    {NULL, NULL},
};

static const struct constraint_fault constraints[] = {
    {"kpis_name", STATUS_DUPLICATE_NAME, NULL, "There is a KPI of this name already"},
    {NULL, STATUS_OK, NULL, NULL},
};

static const enum service calls[] = {SERVICE_GOALS, SERVICE_GATEWAY};

static const struct consumer_spec consumes[] = {
    {.source = SERVICE_GOALS,
     .types = (const char *const[]){"goal.deleted", NULL},
     .apply = goal_gone},
    {.source = SERVICE_GATEWAY},
};

int main(int argc, char **argv)
{
    static const struct service_program program = {
        .service = SERVICE_KPIS,
        .schema = "kpis",
        .handlers = handlers,
        .statements = service_statements,
        .migrations = service_migrations,
        .constraints = constraints,
        .calls = calls,
        .consumes = consumes,
    };
    return service_main(&program, argc, argv);
}
