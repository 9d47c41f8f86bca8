/* The command center from rows as the projections hold them, on a day that is known: the example of
 * the rules to its last digit, their edges, orders and limits. That events become such rows is
 * tested over the whole stack. */
#define _GNU_SOURCE /* setenv */
#include "service_rig.h"

#include <stdio.h>
#include <time.h>

/* 2025-12-23T12:00:00Z: today, as long as a test runs. */
enum { TODAY_S = 1766491200 };

static const char *id(int kind, int number)
{
    return format("0000000%d-0000-7000-8000-%012d", kind, number);
}
enum { GOAL = 1, STRATEGY, KPI, LINK, ACTION, ISSUE };

static void plant(const char *table, const char *columns, const char *values)
{
    sql_value(format("INSERT INTO analytics.%s (tenant_id, generation, %s) VALUES ('%s', 1, %s)",
                     table, columns, caller.tenant, values));
}

static void goal(int number, const char *status, const char *due)
{
    plant("goals", "id, title, intent, owner_id, horizon, status, due_date, created_at, version",
          format("'%s', 'Goal %d', 'Why %d', 'ann', 'year', '%s', %s, now(), 1", id(GOAL, number),
                 number, number, status, due));
}

static void kpi(int number, const char *direction, const char *values)
{
    plant("kpis",
          "id, name, direction, is_shared, owner_id, created_at, version, baseline_value, "
          "baseline_date, target_value, first_value, last_value",
          format("'%s', 'KPI %d', '%s', false, 'bob', '2024-12-01', 1, %s", id(KPI, number), number,
                 direction, values));
}

/* Of thresholds 80 and 50. */
static void link(int number, int goal_number, int kpi_number, const char *more)
{
    plant("links",
          "id, goal_id, kpi_id, version, threshold, baseline_value, target_value, is_primary, "
          "strategy_id",
          format("'%s', '%s', '%s', 1, 80, %s", id(LINK, number), id(GOAL, goal_number),
                 id(KPI, kpi_number), more));
}

static void point(int kpi_number, const char *day, double value)
{
    plant("target_points", "id, kpi_id, day, value, version",
          format("gen_random_uuid(), '%s', '%s', %.17g, 1", id(KPI, kpi_number), day, value));
}

static void action(int number, const char *status, const char *due, const char *more)
{
    plant("actions",
          "id, title, description, status, priority, progress, due_date, version, "
          "assigned_person_id, goal_ids, strategy_ids",
          format("'%s', 'Action %d', 'Do %d', '%s', 'high', 40, %s, 1, %s", id(ACTION, number),
                 number, number, status, due, more));
}

static void issue(int number, const char *impact, const char *category, const char *reported)
{
    plant("issues",
          "id, title, status_name, category, impact, priority, reporter_id, date_reported, "
          "created_at, version",
          format("'%s', 'Issue %d', 'Named', '%s', %s, 'low', 'ann', %s, '2025-01-01', 1",
                 id(ISSUE, number), number, category, impact, reported));
}

/* A number as answers to people show it: the shortest text that gives the same double. */
static const char *number_at(const struct rig_answer *answer, const char *path)
{
    return format("%.15g", strtod(at(answer, path), NULL));
}
#define ck_number(answer_, path_, expected_) \
    ck_assert_str_eq(number_at((answer_), (path_)), (expected_))

static const struct rig_answer *asked(const char *query, bool takes_json)
{
    caller.takes_json = takes_json;
    const struct rig_answer *answer = ask_all("loadCommandCenter", NULL, query, NULL);

    caller.takes_json = false;
    ck_answer(answer, 200);
    ck_assert(answer->is_json == takes_json);
    return answer;
}

/* All of it but the moment, which comes last. */
static bool same_figures(const struct rig_answer *a, const struct rig_answer *b)
{
    size_t size = strlen(a->data) - strlen(strstr(a->data, ",\"generatedAt\""));

    return strncmp(a->data, b->data, size + strlen(",\"generatedAt\"")) == 0;
}

/* Packed, as gateways of older releases take it, as JSON, and as JSON that was kept. */
static const struct rig_answer *center(const char *query)
{
    const struct rig_answer *answer = asked(query, false);

    ck_assert(same_figures(answer, asked(query, true)));
    ck_assert(same_figures(answer, asked(query, true)));
    return answer;
}

/* An active goal whose only KPI goes from 60,000 on 2024-12-31 to 100,000 on 2025-12-31 and is at
 * 85,000. */
static void example(void)
{
    rig_new_tenant();
    goal(1, "active", "'2026-06-30'");
    kpi(1, "up", "60000, '2024-12-31', NULL, 70000, 85000");
    point(1, "2025-12-31", 100000);
    link(1, 1, 1, "NULL, NULL, true, NULL");
}

START_TEST(nothing_gives_nothing)
{
    rig_new_tenant();
    const struct rig_answer *answer = center(NULL);

    ck_at(answer, "data.alerts",
          "{'measuresAtRisk':[],'kpisAtRisk':[],'actionsPastDue':[],'criticalIssues':[]}");
    ck_at(answer, "data.goals", "[]");
    ck_at(answer, "data.myTasks", "[]");
    ck_at(answer, "data.summaryStats",
          "{'totalActiveGoals':0,'goalsOnTrack':0,'goalsAtRisk':0,'goalsBehind':0,"
          "'totalMeasures':0,'totalKpis':0,'measuresOnTrack':0,'kpisOnTrack':0,"
          "'measuresAtRisk':0,'kpisAtRisk':0,'measuresBehind':0,'kpisBehind':0,"
          "'totalActiveActions':0,'actionsPastDue':0,'actionsThisWeek':0,'openIssues':0,"
          "'criticalIssues':0}");
}
END_TEST

START_TEST(the_example_is_right_to_its_last_digit)
{
    example();
    const struct rig_answer *answer = center(NULL);
    const char *worst = "data.alerts.measuresAtRisk[0]";

    ck_number(answer, format("%s.targetValue", worst), "99123.2877");
    ck_number(answer, format("%s.variance", worst), "-14123.2877");
    ck_number(answer, format("%s.variancePercentage", worst), "-14.25");
    ck_at(answer, format("%s.currentValue", worst), "85000.0");
    ck_at(answer, format("%s.finalTargetValue", worst), "100000.0");
    ck_at(answer, format("%s.status", worst), "'behind'");
    ck_at(answer, format("%s.measureLinkId", worst), format("'%s'", id(LINK, 1)));
    ck_at(answer, format("%s.kpiLinkId", worst), format("'%s'", id(LINK, 1)));
    ck_at(answer, format("%s.measureName", worst), "'KPI 1'");
    ck_at(answer, format("%s.kpiName", worst), "'KPI 1'");
    ck_at(answer, format("%s.goalTitle", worst), "'Goal 1'");
    ck_at(answer, format("%s.ownerId", worst), "'bob'");
    ck_at(answer, format("%s.ownerName", worst), "null");
    ck_at(answer, "data.alerts.kpisAtRisk", at(answer, "data.alerts.measuresAtRisk"));
    ck_at(answer, "data.goals[0].progress", "62.5");
    ck_at(answer, "data.goals[0].progressStatus", "'behind'");
    ck_at(answer, "data.goals[0].status", "'active'");
    ck_at(answer, "data.goals[0].intent", "'Why 1'");
    ck_at(answer, "data.goals[0].primaryMeasure",
          format("{'measureId':'%s','kpiId':'%s','name':'KPI 1','currentValue':85000.0,"
                 "'targetValue':100000.0,'progress':62.5}",
                 id(KPI, 1), id(KPI, 1)));
    ck_at(answer, "data.goals[0].primaryKpi", at(answer, "data.goals[0].primaryMeasure"));
    ck_at(answer, "data.goals[0].stats.atRiskCount", "1");
    ck_at(answer, "data.summaryStats.goalsBehind", "1");
    ck_at(answer, "data.summaryStats.kpisBehind", "1");
    ck_assert_int_eq(strncmp(text_at(answer, "data.generatedAt"), "2025-12-23T12", 13), 0);
}
END_TEST

static const char *names(const struct rig_answer *answer, const char *list, const char *member)
{
    const char *all = "";

    for (int i = 0; strcmp(at(answer, format("%s[%d]", list, i)), "absent") != 0; i++)
        all = format("%s%s%s", all, i > 0 ? " " : "",
                     text_at(answer, format("%s[%d].%s", list, i, member)));
    return all;
}

/* A link is listed when the rounded percentage reaches the threshold; where nothing is expected,
 * any adverse variance is. */
START_TEST(the_threshold_is_what_counts)
{
    example();
    ck_at(center("{'varianceThreshold': ['14.25']}"), "data.alerts.measuresAtRisk[1]", "absent");
    ck_at(center("{'varianceThreshold': ['14.25']}"), "data.alerts.measuresAtRisk[0].kpiName",
          "'KPI 1'");
    ck_at(center("{'varianceThreshold': ['14.26']}"), "data.alerts.measuresAtRisk", "[]");
    goal(2, "paused", "NULL");
    goal(3, "active", "'2025-12-31'");
    kpi(2, "down", "10, '2024-12-31', 0, 10, 4"); /* 0.219178... is expected */
    kpi(3, "down", "8, '2024-12-31', NULL, 8, 3");
    point(3, "2025-06-01", 0); /* 0 is expected ever since */
    kpi(4, "up", "0, '2024-12-31', -100, 0, -90");
    kpi(5, "up", "0, '2024-12-31', 100, 0, 97.8082"); /* better than 97.8082..., when rounded */
    link(2, 3, 2, "NULL, NULL, false, NULL");
    link(3, 3, 3, "NULL, NULL, false, NULL");
    link(4, 3, 4, "NULL, NULL, false, NULL");
    link(5, 3, 5, "NULL, NULL, false, NULL");
    link(6, 2, 2, "NULL, NULL, true, NULL"); /* of a paused goal */
    link(7, 3, 9, "NULL, NULL, true, NULL"); /* of a KPI that is gone */
    sql_value(format("UPDATE analytics.stamps SET stamp = gen_random_uuid() WHERE tenant_id = '%s'",
                     caller.tenant));
    const struct rig_answer *all = center("{'varianceThreshold': ['0']}");
    ck_assert_str_eq(names(all, "data.alerts.measuresAtRisk", "kpiName"), "KPI 3 KPI 2 KPI 1");
    ck_at(all, "data.alerts.measuresAtRisk[0].variancePercentage", "null");
    ck_at(all, "data.alerts.measuresAtRisk[0].variance", "3.0");
    ck_number(all, "data.alerts.measuresAtRisk[0].targetValue", "0");
    ck_at(all, "data.alerts.measuresAtRisk[0].status", "'behind'");
    ck_number(all, "data.alerts.measuresAtRisk[1].finalTargetValue", "0");
    ck_assert_str_eq(names(center("{'limit': ['2'], 'varianceThreshold': ['14']}"),
                           "data.alerts.measuresAtRisk", "kpiName"),
                     "KPI 3 KPI 2");
    ck_at(all, "data.summaryStats.totalMeasures", "5");
    ck_at(all, "data.goals[0].stats.totalMeasures", "4");
}
END_TEST

/* Without data a goal is behind when it is past due; the primary KPI speaks for a goal, else the
 * worst one. */
START_TEST(goals_are_as_their_primary_kpi)
{
    rig_new_tenant();
    goal(1, "active", "'2025-12-22T23:59:59Z'");
    goal(2, "active", "'2025-12-23'");
    goal(3, "active", "NULL");
    goal(4, "active", "'2025-12-31'");
    goal(5, "active", "'2025-12-30'");
    goal(6, "completed", "'2020-01-01'");
    kpi(1, "up", "0, '2024-12-31', 100, 0, 100"); /* on track */
    kpi(2, "up", "0, '2024-12-31', 100, 0, 20");  /* at risk */
    kpi(3, "up", "NULL, NULL, 100, NULL, NULL");  /* without data */
    link(1, 4, 2, "NULL, NULL, false, NULL");
    link(2, 4, 1, "NULL, NULL, true, NULL");
    link(3, 5, 3, "NULL, NULL, true, NULL");
    link(4, 5, 1, "NULL, NULL, false, NULL");
    link(5, 5, 2, "NULL, NULL, false, NULL");
    const struct rig_answer *answer = center(NULL);

    ck_assert_str_eq(names(answer, "data.goals", "title"), "Goal 1 Goal 2 Goal 5 Goal 4 Goal 3");
    ck_assert_str_eq(names(answer, "data.goals", "progressStatus"),
                     "behind on_track at_risk on_track on_track");
    ck_at(answer, "data.goals[0].primaryMeasure", "null");
    ck_at(answer, "data.goals[2].primaryMeasure.currentValue", "null");
    ck_at(answer, "data.goals[3].stats.atRiskCount", "1");
    ck_at(answer, "data.summaryStats.goalsOnTrack", "3");
    ck_at(answer, "data.summaryStats.goalsAtRisk", "1");
    ck_at(answer, "data.summaryStats.goalsBehind", "1");
    ck_at(answer, "data.summaryStats.totalKpis", "3");
    ck_at(answer, "data.summaryStats.kpisOnTrack", "1");
    ck_at(answer, "data.summaryStats.kpisAtRisk", "1");
    ck_at(answer, "data.summaryStats.kpisBehind", "0");
}
END_TEST

START_TEST(links_that_nobody_told_to_be_primary_are_by_age)
{
    rig_new_tenant();
    goal(1, "active", "'2025-12-31'");
    kpi(1, "up", "0, '2024-12-31', 100, 0, 20");
    kpi(2, "up", "0, '2024-12-31', 100, 0, 100");
    link(2, 1, 1, "NULL, NULL, false, NULL");
    link(1, 1, 2, "NULL, NULL, false, NULL");
    ck_at(center(NULL), "data.goals[0].primaryMeasure.name", "'KPI 2'");
    ck_at(center(NULL), "data.goals[0].progressStatus", "'on_track'");
}
END_TEST

/* A link's own target is on a straight line to the goal's due date, whatever the plan expects. */
START_TEST(own_targets_are_no_matter_of_the_plan)
{
    example();
    link(2, 1, 1, "NULL, 200000, false, NULL");
    const struct rig_answer *answer = center(NULL);

    /* 357 of 546 days of the way from 60,000 to 200,000. */
    ck_number(answer, "data.alerts.measuresAtRisk[0].targetValue", "151538.4615");
    ck_number(answer, "data.alerts.measuresAtRisk[0].finalTargetValue", "200000");
    ck_number(answer, "data.alerts.measuresAtRisk[1].targetValue", "99123.2877");
}
END_TEST

START_TEST(actions_are_due_by_day)
{
    rig_new_tenant();
    goal(1, "draft", "NULL");
    goal(2, "active", "NULL");
    plant(
        "strategies", "id, goal_id, title, description, status, order_index, version",
        format("'%s', '%s', NULL, 'How it is done', 'draft', 1, 1", id(STRATEGY, 1), id(GOAL, 2)));
    const char *linked =
        format("'ann', ARRAY['%s', '%s', '%s']::uuid[], ARRAY['%s', '%s']::uuid[]", id(GOAL, 9),
               id(GOAL, 2), id(GOAL, 1), id(STRATEGY, 9), id(STRATEGY, 1));
    const char *alone = "'user-1', '{}', '{}'";
    action(1, "blocked", "'2025-12-22T23:59:59Z'", linked);
    action(2, "not_started", "'2025-12-01T10:00:00Z'", alone);
    action(3, "in_progress", "'2025-12-23'", alone);
    action(4, "in_progress", "'2025-12-29T23:59:59Z'", alone);
    action(5, "in_progress", "'2025-12-30T23:59:59Z'", alone);
    action(6, "in_progress", "'2025-12-31'", alone);
    action(7, "completed", "'2025-12-01'", linked);
    action(8, "cancelled", "'2025-12-01'", linked);
    action(9, "in_progress", "NULL", alone);
    const struct rig_answer *answer = center(NULL);

    ck_assert_str_eq(names(answer, "data.alerts.actionsPastDue", "title"), "Action 2 Action 1");
    ck_at(answer, "data.alerts.actionsPastDue[0].daysPastDue", "22");
    ck_at(answer, "data.alerts.actionsPastDue[0].goalId", "null");
    ck_at(answer, "data.alerts.actionsPastDue[1].daysPastDue", "1");
    ck_at(answer, "data.alerts.actionsPastDue[1].goalTitle", "'Goal 2'"); /* the first is gone */
    ck_at(answer, "data.alerts.actionsPastDue[1].strategyTitle", "'How it is done'");
    ck_at(answer, "data.alerts.actionsPastDue[1].assignedPersonId", "'ann'");
    ck_assert_str_eq(names(answer, "data.myTasks", "title"), "Action 3 Action 4 Action 5");
    ck_at(answer, "data.myTasks[0].description", "'Do 3'");
    ck_at(answer, "data.myTasks[0].progress", "40.0");
    ck_assert_str_eq(names(center("{'daysAhead': ['8']}"), "data.myTasks", "title"),
                     "Action 3 Action 4 Action 5 Action 6");
    ck_assert_str_eq(names(center("{'daysAhead': ['1'], 'limit': ['1']}"), "data.myTasks", "title"),
                     "Action 3");
    ck_at(center("{'userId': ['ann']}"), "data.myTasks", "[]");
    ck_at(answer, "data.summaryStats.totalActiveActions", "7");
    ck_at(answer, "data.summaryStats.actionsPastDue", "2");
    ck_at(answer, "data.summaryStats.actionsThisWeek", "2");
    ck_at(answer, "data.goals[0].strategies",
          format("[{'id':'%s','title':'How it is done','progress':50.0,'atRisk':true}]",
                 id(STRATEGY, 1)));
    ck_at(answer, "data.goals[0].stats",
          "{'totalStrategies':1,'totalMeasures':0,'totalKpis':0,'totalActions':2,"
          "'activeActions':1,'completedActions':1,'atRiskCount':1}");
}
END_TEST

START_TEST(issues_are_critical_first_then_oldest)
{
    rig_new_tenant();
    issue(1, "'high'", "open", "'2025-02-01'");
    issue(2, "'critical'", "active", "'2025-06-01'");
    issue(3, "'critical'", "inactive", "'2025-03-01'");
    issue(4, "'critical'", "closed", "'2025-03-01'");
    issue(5, "'medium'", "open", "'2025-03-01'");
    issue(6, "'high'", "open", "NULL"); /* since 2025-01-01 */
    issue(7, "NULL", "open", "'2025-03-01'");
    const struct rig_answer *answer = center(NULL);

    ck_assert_str_eq(names(answer, "data.alerts.criticalIssues", "title"),
                     "Issue 3 Issue 2 Issue 6 Issue 1");
    ck_at(answer, "data.alerts.criticalIssues[0].statusName", "'Named'");
    ck_at(answer, "data.alerts.criticalIssues[2].dateReported", "'2025-01-01T00:00:00.000Z'");
    ck_at(answer, "data.summaryStats.openIssues", "6");
    ck_at(answer, "data.summaryStats.criticalIssues", "4");
}
END_TEST

/* Names are read for each request: they change without any event of the tenant's. */
START_TEST(names_are_as_they_are_now)
{
    example();
    issue(1, "'high'", "open", "'2025-02-01'");
    ck_at(center(NULL), "data.goals[0].ownerName", "null");
    ck_answer(ask("learnPerson", NULL, "{'userId': 'ann', 'name': 'Ann', 'issuedAt': 1}"), 200);
    ck_answer(ask("learnPerson", NULL, "{'userId': 'bob', 'name': 'Bob', 'issuedAt': 1}"), 200);
    const struct rig_answer *answer = center(NULL);
    ck_at(answer, "data.goals[0].ownerName", "'Ann'");
    ck_at(answer, "data.alerts.measuresAtRisk[0].ownerName", "'Bob'");
    ck_at(answer, "data.alerts.criticalIssues[0].reporterName", "'Ann'");
}
END_TEST

static void stamp_events(const char *tenant)
{
    sql_value(format("INSERT INTO analytics.stamps VALUES ('%s', 1, 'svc-goals', "
                     "gen_random_uuid(), now()) ON CONFLICT (tenant_id, generation, source) "
                     "DO UPDATE SET stamp = excluded.stamp",
                     tenant));
}

/* Behind the events' backs, which nothing else does. */
static void rename_goal(const char *tenant, const char *title)
{
    sql_value(
        format("UPDATE analytics.goals SET title = '%s' WHERE tenant_id = '%s'", title, tenant));
}

static void pause_ms(long ms)
{
    nanosleep(&(struct timespec){ms / 1000, ms % 1000 * 1000000}, NULL);
}

#define ck_goal(query_, title_) ck_at(asked((query_), true), "data.goals[0].title", title_)

START_TEST(texts_are_kept_until_something_changes)
{
    example();
    const char *tenant = caller.tenant;
    action(1, "not_started", "'2025-12-24'",
           format("'user-1', ARRAY['%s']::uuid[], '{}'", id(GOAL, 1)));
    stamp_events(tenant);
    ck_goal(NULL, "'Goal 1'");
    rename_goal(tenant, "Other");
    pause_ms(600); /* nothing is used any more just because it is young */
    ck_goal(NULL, "'Goal 1'");
    ck_at(asked(NULL, true), "data.myTasks[0].goalTitle", "'Goal 1'");
    ck_at(asked("{'daysAhead': ['9']}", true), "data.myTasks[0].goalTitle", "'Other'");
    ck_at(asked("{'userId': ['ann']}", true), "data.myTasks", "[]");
    ck_at(asked("{'varianceThreshold': ['90']}", true), "data.alerts.measuresAtRisk", "[]");
    ck_assert_str_ne(at(asked(NULL, true), "data.alerts.measuresAtRisk[0]"), "absent");
    rig_new_tenant();
    ck_at(asked(NULL, true), "data.goals", "[]");
    caller.tenant = tenant;
    stamp_events(tenant);
    ck_goal(NULL, "'Other'");
    ck_at(asked(NULL, true), "data.myTasks[0].goalTitle", "'Other'");
}
END_TEST

START_TEST(a_name_that_changes_shows_at_once)
{
    example();
    stamp_events(caller.tenant);
    ck_at(asked(NULL, true), "data.goals[0].ownerName", "null");
    ck_answer(ask("learnPerson", NULL, "{'userId': 'ann', 'name': 'Ann', 'issuedAt': 1}"), 200);
    ck_at(asked(NULL, true), "data.goals[0].ownerName", "'Ann'");
    ck_answer(ask("learnPerson", NULL, "{'userId': 'ann', 'name': 'Anna', 'issuedAt': 2}"), 200);
    ck_at(asked(NULL, true), "data.goals[0].ownerName", "'Anna'");
    ck_answer(ask("learnPerson", NULL, "{'userId': 'ann', 'name': 'Ann', 'issuedAt': 1}"), 200);
    ck_at(asked(NULL, true), "data.goals[0].ownerName", "'Anna'");
    sql_value(
        format("UPDATE analytics.people SET name = 'Anne' WHERE tenant_id = '%s'", caller.tenant));
    ck_at(asked(NULL, true), "data.goals[0].ownerName", "'Anne'");
}
END_TEST

START_TEST(nothing_is_left_of_an_erased_tenant)
{
    const char *const tables[] = {"goals",         "kpis",   "links",
                                  "target_points", "stamps", "command_centers",
                                  "name_stamps",   "people"};

    example();
    stamp_events(caller.tenant);
    ck_answer(ask("learnPerson", NULL, "{'userId': 'ann', 'name': 'Ann', 'issuedAt': 1}"), 200);
    ck_goal(NULL, "'Goal 1'");
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
        sql_value(
            format("DELETE FROM analytics.%s WHERE tenant_id = '%s'", tables[i], caller.tenant));
    ck_at(asked(NULL, true), "data.goals", "[]");
    stamp_events(caller.tenant); /* and comes back as another */
    pause_ms(600);
    ck_at(asked(NULL, true), "data.goals", "[]");
}
END_TEST

START_TEST(queries_are_checked)
{
    static const char *const wrong[][2] = {
        {"daysAhead", "0"},
        {"daysAhead", "91"},
        {"daysAhead", "1.5"},
        {"varianceThreshold", "-1"},
        {"varianceThreshold", "101"},
        {"varianceThreshold", "much"},
        {"limit", "0"},
        {"limit", "101"},
        {"limit", "ten"},
        {"size", "5"},
    };

    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        const struct rig_answer *answer = ask_all(
            "loadCommandCenter", NULL, format("{'%s': ['%s']}", wrong[i][0], wrong[i][1]), NULL);
        ck_answer(answer, 422);
        ck_assert_msg(strcmp(at(answer, format("errors/%s", wrong[i][0])), "absent") != 0, "%s",
                      answer->text);
    }
    ck_invalid(
        ask_all("loadCommandCenter", NULL, format("{'userId': ['%s']}", format("%0129d", 0)), NULL),
        "userId");
}
END_TEST

/* --- Large tenants, and others --- */

static void fill_large(void)
{
    const char *tenant = caller.tenant;

    sql_value(format("INSERT INTO analytics.goals (tenant_id, generation, id, title, owner_id, "
                     "horizon, status, due_date, created_at, version) SELECT '%s', 1, "
                     "('00000001-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, 'g', 'o' || n "
                     "%% 40, 'year', 'active', '2026-01-01', now(), 1 FROM generate_series(1, "
                     "2000) n",
                     tenant));
    sql_value(format("INSERT INTO analytics.strategies (tenant_id, generation, id, goal_id, "
                     "description, status, order_index, version) SELECT '%s', 1, "
                     "('00000002-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, "
                     "('00000001-0000-7000-8000-' || lpad((n %% 2000 + 1)::text, 12, '0'))::uuid, "
                     "'s', 'draft', n / 2000 + 1, 1 FROM generate_series(1, 6000) n",
                     tenant));
    sql_value(format("INSERT INTO analytics.kpis (tenant_id, generation, id, name, direction, "
                     "is_shared, baseline_value, baseline_date, target_value, created_at, version, "
                     "first_value, last_value) SELECT '%s', 1, ('00000003-0000-7000-8000-' || "
                     "lpad(n::text, 12, '0'))::uuid, 'k', 'up', false, 0, '2025-01-01', 10, now(), "
                     "1, 1, 5 FROM generate_series(1, 500) n",
                     tenant));
    sql_value(format("INSERT INTO analytics.links (tenant_id, generation, id, goal_id, kpi_id, "
                     "threshold, version) SELECT '%s', 1, gen_random_uuid(), g.id, k.id, 80, 1 "
                     "FROM (SELECT id, row_number() OVER (ORDER BY id) n FROM analytics.goals "
                     "WHERE tenant_id = '%s') g JOIN (SELECT id, row_number() OVER (ORDER BY id) n "
                     "FROM analytics.kpis WHERE tenant_id = '%s') k ON k.n IN (g.n %% 500 + 1, g.n "
                     "* 7 %% 500 + 1, g.n * 3 %% 500 + 1)",
                     tenant, tenant, tenant));
    sql_value(format("INSERT INTO analytics.actions (tenant_id, generation, id, title, status, "
                     "due_date, version, assigned_person_id, goal_ids, strategy_ids) SELECT '%s', "
                     "1, gen_random_uuid(), 'a', 'in_progress', '2025-12-20'::timestamptz + n %% "
                     "10 * interval '1 day', 1, 'user-1', ARRAY[('00000001-0000-7000-8000-' || "
                     "lpad((n %% 2000 + 1)::text, 12, '0'))::uuid], "
                     "ARRAY[('00000002-0000-7000-8000-' || lpad((n %% 6000 + 1)::text, 12, "
                     "'0'))::uuid] FROM generate_series(1, 10000) n",
                     tenant));
}

/* The statements' plans are those of empty tables, and nothing analyzes the full ones. */
START_TEST(large_tenants_are_quick_with_old_plans)
{
    struct timespec from, to;

    for (int i = 0; i < 12; i++) { /* on every connection */
        rig_new_tenant();
        center(NULL);
    }
    rig_new_tenant();
    fill_large();
    clock_gettime(CLOCK_MONOTONIC, &from);
    const struct rig_answer *answer = asked("{'limit': ['100']}", true);
    clock_gettime(CLOCK_MONOTONIC, &to);
    ck_at(answer, "data.summaryStats.totalActiveGoals", "2000");
    ck_at(answer, "data.summaryStats.actionsPastDue", "3000");
    ck_at(answer, "data.summaryStats.totalKpis", "500");
    ck_assert_str_ne(at(answer, "data.alerts.measuresAtRisk[99]"), "absent");
    ck_at(answer, "data.alerts.measuresAtRisk[100]", "absent");
    ck_assert_str_ne(at(answer, "data.goals[99].strategies[2]"), "absent");
    ck_at(answer, "data.goals[100]", "absent");
    ck_assert_str_ne(at(answer, "data.myTasks[99].strategyTitle"), "absent");
    ck_at(answer, "data.myTasks[100]", "absent");
    double seconds = (double)(to.tv_sec - from.tv_sec) + (double)(to.tv_nsec - from.tv_nsec) / 1e9;
    ck_assert_msg(seconds < 1.5, "%f s", seconds);
}
END_TEST

/* 100 goals with 100 strategies whose titles have 200 characters of four bytes. */
START_TEST(answers_are_bounded_in_bytes)
{
    rig_new_tenant();
    for (int i = 0; i < 100; i++)
        goal(i, "active", "'2026-01-01'");
    sql_value(
        format("INSERT INTO analytics.strategies (tenant_id, generation, id, goal_id, title, "
               "description, status, order_index, version) SELECT '%s', 1, gen_random_uuid(), "
               "('00000001-0000-7000-8000-' || lpad((n / 100)::text, 12, '0'))::uuid, "
               "repeat('\xF0\x9F\x9A\xB2', 200), 's', 'draft', 1, 1 FROM "
               "generate_series(0, 9999) n",
               caller.tenant));
    ck_invalid(ask_all("loadCommandCenter", NULL, "{'limit': ['100']}", NULL), "limit");
    caller.takes_json = true;
    ck_invalid(ask_all("loadCommandCenter", NULL, "{'limit': ['100']}", NULL), "limit");
    ck_at(center(NULL), "data.goals[49].stats.totalStrategies", "100");
}
END_TEST

START_TEST(other_tenants_have_nothing_of_it)
{
    example();
    const char *tenant = caller.tenant;
    const char *see = "SELECT count(*)::text FROM command_centers";
    const char *as = "SET LOCAL ROLE svc_analytics; SET LOCAL search_path = analytics;";

    sql_value(
        format("INSERT INTO analytics.stamps VALUES ('%s', 1, 'svc-goals', gen_random_uuid(), "
               "now())",
               tenant));
    ck_at(center(NULL), "data.summaryStats.totalActiveGoals", "1");
    ck_assert_str_eq(sql_value(format("SET LOCAL app.tenant = '%s'; %s %s", tenant, as, see)), "1");
    ck_assert_str_eq(sql_value(format("SET LOCAL app.tenant = 'other'; %s %s", as, see)), "0");
    rig_new_tenant();
    ck_at(center("{'userId': ['ann']}"), "data.summaryStats.totalActiveGoals", "0");
    ck_at(center(NULL), "data.alerts.measuresAtRisk", "[]");
}
END_TEST

/* As SERVICE_SUITE_MAIN, on that day. */
int main(void)
{
    const TTest *const tests[] = {
        nothing_gives_nothing,
        the_example_is_right_to_its_last_digit,
        the_threshold_is_what_counts,
        goals_are_as_their_primary_kpi,
        links_that_nobody_told_to_be_primary_are_by_age,
        own_targets_are_no_matter_of_the_plan,
        actions_are_due_by_day,
        issues_are_critical_first_then_oldest,
        names_are_as_they_are_now,
        texts_are_kept_until_something_changes,
        a_name_that_changes_shows_at_once,
        nothing_is_left_of_an_erased_tenant,
        queries_are_checked,
        large_tenants_are_quick_with_old_plans,
        answers_are_bounded_in_bytes,
        other_tenants_have_nothing_of_it,
    };
    char offset[32];

    snprintf(offset, sizeof offset, "%lld", (long long)(TODAY_S - time(NULL)));
    setenv("TRACTION_CLOCK_OFFSET_S", offset, 1);
    setenv("TRACTION_MAX_ANSWER", "8388608", 1); /* the least that can be configured */
    rig_start(SERVICE_PROGRAM, SERVICE_SCHEMA);
    int result = suite_run("command center", NULL, NULL, tests, sizeof tests / sizeof *tests);
    return rig_stop() == 0 ? result : EXIT_FAILURE;
}
