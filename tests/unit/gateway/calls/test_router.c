/* Routing from the table of operations: fixed text, parameters, verbs, aliases and the base path.
 */
#include "router.h"

#include <string.h>

#include "suite.h"
#include "unpack.h"

static struct router *router;
static struct arena *arena;

static struct http_route find(const char *method, const char *path)
{
    if (!router) {
        router = router_new(STR("/traction/api/v1"));
        arena = arena_new();
    }
    return router_find(router, arena, router_method(str_of(method)), str_of(path));
}

static void goes_to(const char *method, const char *path, const char *operation)
{
    struct http_route route = find(method, path);

    ck_assert_msg(route.outcome == ROUTE_FOUND, "%s %s: %d", method, path, route.outcome);
    ck_assert_str_eq(route.operation->name, operation);
}

static void is(const char *method, const char *path, enum route_outcome outcome)
{
    struct http_route route = find(method, path);

    ck_assert_msg(route.outcome == outcome, "%s %s: %d", method, path, route.outcome);
}

START_TEST(finds_fixed_paths_first)
{
    goes_to("GET", "/goals", "getGoals");
    goes_to("HEAD", "/goals", "getGoals");
    goes_to("POST", "/goals", "createGoal");
    goes_to("GET", "/goals/stats", "loadGoalStats");
    goes_to("GET", "/goals/status", "getGoalById");
    goes_to("POST", "/api/operations/actions/goals", "getActionGoalRelationships");
    is("PUT", "/goals/stats", ROUTE_METHOD);
    goes_to("GET", "/goals/stats/strategies", "getStrategies");
}
END_TEST

START_TEST(finds_verbs)
{
    struct http_route route = find("POST", "/goals/0190/:activate");

    ck_assert_int_eq(route.outcome, ROUTE_UNKNOWN);
    goes_to("POST", "/goals/0190:activate", "activateGoal");
    goes_to("POST", "/goals/0190%3Aactivate", "activateGoal");
    goes_to("POST", "/goals/0190%3aactivate", "activateGoal");
    goes_to("PUT", "/goals/1/strategies:reorder", "reorderStrategies");
    goes_to("POST", "/goals/1/kpis:link", "attachKPI");
    goes_to("GET", "/goals/1/kpis/2:link", "getKPILinkage");
    goes_to("PUT", "/api/operations/issue-statuses:reorder", "reorderIssueStatuses");
    is("POST", "/goals/0190:explode", ROUTE_UNKNOWN);
    is("POST", "/goals/:activate", ROUTE_UNKNOWN);
    is("GET", "/goals/0190:activate", ROUTE_METHOD);
    goes_to("GET", "/realtime/tenants/a:b", "subscribeToTenant");
    route = find("POST", "/goals/01%2F90:activate");
    ck_assert_uint_eq(route.count, 1);
    ck_assert(str_equal(route.values[0], STR("01/90")));
}
END_TEST

START_TEST(knows_aliases_and_the_base_path)
{
    struct http_route route;

    goes_to("GET", "/operations/actions", "getActions");
    goes_to("GET", "/traction/api/v1/goals", "getGoals");
    goes_to("GET", "/traction/api/v1/operations/issues/1", "getIssueById");
    goes_to("GET", "/goals/", "getGoals");
    goes_to("GET", "/goals/1/", "getGoalById");
    is("GET", "/traction/api/v1goals", ROUTE_UNKNOWN);
    goes_to("GET", "/", "getStart");
    goes_to("HEAD", "/traction/api/v1", "getStart");
    goes_to("GET", "/traction/api/v1/", "getStart");
    is("POST", "/", ROUTE_METHOD);
    is("GET", "//", ROUTE_UNKNOWN);
    is("GET", "/traction/api/v1//", ROUTE_UNKNOWN);
    is("GET", "/%2F", ROUTE_UNKNOWN);
    is("GET", "//goals", ROUTE_UNKNOWN);
    is("GET", "/goals//", ROUTE_UNKNOWN);
    is("GET", "/goals/a/b/c/d/e/f/g/h/i/j", ROUTE_UNKNOWN);
    route = find("GET", "/operations/issues/a%20b");
    ck_assert(str_equal(route.base, STR("")));
    ck_assert(str_equal(route_path(arena, &route), STR("/api/operations/issues/a%20b")));
    route = find("GET", "/traction/api/v1/goals/1/kpis/2:link");
    ck_assert(str_equal(route.base, STR("/traction/api/v1")));
    ck_assert(str_equal(route_path(arena, &route), STR("/goals/1/kpis/2:link")));
}
END_TEST

START_TEST(knows_other_words_for_the_same)
{
    goes_to("GET", "/api/goals", "getGoals");
    goes_to("GET", "/traction/api/v1/api/goals/stats", "loadGoalStats");
    goes_to("GET", "/%61pi/health", "getHealth");
    goes_to("GET", "/issues", "getIssues");
    goes_to("PUT", "/api/issues/1", "updateIssue");
    goes_to("GET", "/actions/1", "getActionById");
    goes_to("POST", "/actions/goals", "getActionGoalRelationships");
    goes_to("GET", "/measures", "getSharedKPIs");
    goes_to("GET", "/api/measures/1/readings", "getKPIReadings");
    goes_to("POST", "/goals/1/measures:link", "attachKPI");
    goes_to("POST", "/goals/1/measures%3Aunlink", "detachKPI");
    goes_to("POST", "/goals/1/measures/2:setThreshold", "updateKPIThreshold");
    goes_to("POST", "/operations/measure-updates", "syncKPIUpdate");
    goes_to("POST", "/api/operations/goals/measures", "getGoalKPIRelationships");
    goes_to("GET", "/goals/measures", "getGoalById"); /* a parameter is no word */
    goes_to("GET", "/goals/1/kpis", "getGoalKPIs");
    goes_to("GET", "/api/goals/1/measures", "getGoalMeasures");
    goes_to("GET", "/goals/1/measures/2:link", "getKPILinkage");
    is("POST", "/goals/1/measures", ROUTE_METHOD);
    goes_to("GET", "/goals/available-kpis", "getAvailableKPIs");
    goes_to("GET", "/goals/available-measures", "getAvailableMeasures");
    goes_to("GET", "/goals/1/available-measures", "getAvailableMeasuresOfGoal");
    is("DELETE", "/goals/available-kpis", ROUTE_METHOD);
    goes_to("GET", "/kpis/1/actuals", "getKPIActuals");
    goes_to("GET", "/shared-kpis/1/actuals", "getKPIActuals");
    goes_to("GET", "/kpi-planning/kpis/1/actuals", "getKPIActuals");
    goes_to("GET", "/measures/1/actuals", "getMeasureActuals");
    goes_to("GET", "/api/measure-planning/measures/1/actuals", "getMeasureActuals");
    goes_to("GET", "/kpi-links/1/actuals", "getMeasureActuals");
    goes_to("GET", "/measure-links/1/actuals", "getMeasureActuals");
    goes_to("POST", "/measures/1/actuals", "createKPIActual");
    goes_to("POST", "/measure-planning/measures/1/actuals", "createKPIActual");
    goes_to("POST", "/measure-links/1/actuals", "createKPIActual");
    goes_to("GET", "/measures/1/actuals/2", "getKPIActual");
    is("DELETE", "/measures/1/actuals", ROUTE_METHOD);
    is("GET", "/api", ROUTE_UNKNOWN);
    is("GET", "/api/", ROUTE_UNKNOWN);
    is("GET", "/api/api/goals", ROUTE_UNKNOWN);
    is("GET", "/api/api/operations/issues", ROUTE_UNKNOWN);
    is("GET", "/issues-of-others", ROUTE_UNKNOWN);
    is("GET", "/issue-types", ROUTE_UNKNOWN);
    is("POST", "/kpi-updates", ROUTE_UNKNOWN);
    is("POST", "/goals/kpis", ROUTE_METHOD);
    is("GET", "/measures:link", ROUTE_UNKNOWN);
}
END_TEST

static void located(const char *path, const char *location, const char *expected)
{
    struct http_route route = find("POST", path);

    ck_assert_int_ne(route.outcome, ROUTE_UNKNOWN);
    struct str spelled = route_location(arena, &route, str_of(location));
    ck_assert_msg(str_equal(spelled, str_of(expected)), "%s: " STR_FMT, path, STR_ARG(spelled));
}

START_TEST(names_locations_as_the_caller_does)
{
    const char *issue = "/api/operations/issues/7", *link = "/goals/1/kpis/2:link";

    located("/api/operations/issues", issue, "/api/operations/issues/7");
    located("/operations/issues", issue, "/operations/issues/7");
    located("/issues", issue, "/issues/7");
    located("/api/issues", issue, "/api/issues/7");
    located("/traction/api/v1/api/issues", issue, "/traction/api/v1/api/issues/7");
    located("/goals/1/kpis:link", link, link);
    located("/goals/1/measures:link", link, "/goals/1/measures/2:link");
    located("/api/measures", "/kpis/2", "/api/measures/2");
    const char *target = "/kpis/1/targets/2";
    located("/shared-kpis/1/targets", target, "/shared-kpis/1/targets/2");
    located("/measures/1/targets", target, "/measures/1/targets/2");
    located("/kpi-planning/kpis/1/targets", target, "/kpi-planning/kpis/1/targets/2");
    located("/measure-planning/measures/1/targets", target,
            "/measure-planning/measures/1/targets/2");
    located("/measure-links/1/targets", "/kpi-links/1/targets/2", "/measure-links/1/targets/2");
    located("/kpis", "/kpis/2", "/kpis/2");
}
END_TEST

START_TEST(names_values_as_the_operation_does)
{
    struct http_route route = find("PUT", "/goals/g1/strategies/s1");
    struct value values;

    ck_assert(unpack(arena, route_pack_values(arena, &route), &values));
    ck_assert_uint_eq(values.count, 2);
    ck_assert(str_equal(value_text(value_get(&values, "goalId")), STR("g1")));
    ck_assert(str_equal(value_text(value_get(&values, "strategyId")), STR("s1")));
    route = find("GET", "/kpi-links/l1/targets/t1");
    ck_assert(unpack(arena, route_pack_values(arena, &route), &values));
    ck_assert(str_equal(value_text(value_get(&values, "linkId")), STR("l1")));
    ck_assert(str_equal(value_text(value_get(&values, "targetId")), STR("t1")));
}
END_TEST

START_TEST(says_what_is_allowed)
{
    struct http_route route = find("PATCH", "/goals/1");

    ck_assert_int_eq(route.outcome, ROUTE_METHOD);
    ck_assert_str_eq(route_allow(arena, route.methods).data, "GET, HEAD, PUT, DELETE, OPTIONS");
    route = find("OPTIONS", "/goals");
    ck_assert_int_eq(route.outcome, ROUTE_METHOD);
    ck_assert_str_eq(route_allow(arena, route.methods).data, "GET, HEAD, POST, OPTIONS");
}
END_TEST

START_TEST(refuses_bad_encodings)
{
    is("GET", "/goals/%00", ROUTE_MALFORMED);
    is("GET", "/goals/%zz", ROUTE_MALFORMED);
    is("GET", "/goals/%ff", ROUTE_MALFORMED);
}
END_TEST

START_TEST(routes_every_operation)
{
    for (size_t i = 0; i < operation_count; i++) {
        const struct operation *operation = &operations[i];
        static const char *const methods[] = {"", "GET", "POST", "PUT", "PATCH", "DELETE"};
        char path[200];
        size_t size = 0;
        if (operation->flags & OPERATION_INTERNAL)
            continue;
        for (const char *at = operation->path; *at; at++) {
            if (*at == '{') {
                path[size++] = '1';
                at = strchr(at, '}');
            } else {
                path[size++] = *at;
            }
        }
        path[size] = '\0';
        goes_to(methods[operation->method], path, operation->name);
    }
}
END_TEST

SUITE_MAIN("router", finds_fixed_paths_first, finds_verbs, knows_aliases_and_the_base_path,
           knows_other_words_for_the_same, names_locations_as_the_caller_does,
           names_values_as_the_operation_does, says_what_is_allowed, refuses_bad_encodings,
           routes_every_operation)
