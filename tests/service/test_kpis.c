/* svc-kpis alone: the catalogue, readings, what it says of links that stand in its tables, and its
 * answers while nobody can say whether a goal exists. */
#include "service_rig.h"

#include <stdlib.h>

static const char *add_with(const char *name, const char *more)
{
    const struct rig_answer *kpi =
        ask("createSharedKPI", NULL, format("{'name': '%s', 'direction': 'up'%s}", name, more));

    ck_answer(kpi, 201);
    return text_at(kpi, "data.id");
}

static const char *add(const char *name)
{
    return add_with(name, "");
}

static const char *path_of(const char *id)
{
    return format("{'id': '%s'}", id);
}

static const struct rig_answer *record(const char *kpi, const char *period, const char *more)
{
    return ask("createKPIReading", path_of(kpi), format("{'period': '%s', %s}", period, more));
}

/* A link as it stands in the table; answers the goal's id. */
static const char *link_in_table(const char *kpi, const char *columns, const char *values)
{
    const char *goal = sql_value("SELECT gen_random_uuid()::text");

    sql_value(format("INSERT INTO kpis.links (tenant_id, id, goal_id, kpi_id, version, created_at, "
                     "updated_at, created_by, updated_by, %s) VALUES ('%s', gen_random_uuid(), "
                     "'%s', '%s', 1, now(), now(), 'u', 'u', %s)",
                     columns, caller.tenant, goal, kpi, values));
    return goal;
}

START_TEST(creates_and_reads)
{
    const struct rig_answer *kpi =
        ask("createSharedKPI", NULL,
            "{'name': 'Revenue', 'direction': 'down', 'unit': 'EUR', 'category': 'Finance', "
            "'formula': 'a + b', 'is_shared': true, 'baselineValue': 0.1, 'target_value': -1e-7, "
            "'owner_id': 'owner-9'}");

    ck_answer(kpi, 201);
    ck_at(kpi, "version", "1");
    ck_at(kpi, "data.direction", "'down'");
    ck_at(kpi, "data.isShared", "true");
    ck_at(kpi, "data.ownerName", "null");
    ck_assert_double_eq(atof(at(kpi, "data.baselineValue")), 0.1);
    ck_assert_double_eq(atof(at(kpi, "data.targetValue")), -1e-7);
    const char *id = text_at(kpi, "data.id");
    ck_assert_str_eq(text_at(kpi, "location"), format("/kpis/%s", id));
    const struct rig_answer *read = ask("getKPIById", path_of(id), NULL);
    ck_assert_str_eq(at(read, "data"), at(kpi, "data"));
    ck_at(read, "data.kpi.name", "'Revenue'");
    ck_at(read, "data.name", "'Revenue'");
    ck_at(read, "data.readings", "[]");
    ck_at(read, "version", "1");
    ck_assert_str_eq(event_types(), "kpi.created");
    ck_at(event_of_type("kpi.created"), "data.id", format("'%s'", id));
    ck_at(ask("createSharedKPI", NULL, "{'name': 'a', 'direction': 'up'}"), "data.isShared",
          "false");
}
END_TEST

START_TEST(refuses_what_is_wrong)
{
    const struct rig_answer *refused =
        ask("createSharedKPI", NULL,
            "{'name': ' ', 'direction': 'left', 'unit': 5, 'baselineValue': 'NaN'}");

    ck_invalid(refused, "name");
    ck_invalid(refused, "direction");
    ck_invalid(refused, "unit");
    ck_invalid(refused, "baselineValue");
    const char *path = path_of(add("a"));
    refused = ask("updateSharedKPI", path, "{'name': null, 'direction': null}");
    ck_invalid(refused, "name");
    ck_invalid(refused, "direction");
    ck_refused(ask("getKPIById", "{'id': 'x'}", NULL), 404, "KPI_NOT_FOUND");
    ck_refused(ask("getKPIById", path_of("018f0000-0000-7000-8000-000000000001"), NULL), 404,
               "KPI_NOT_FOUND");
    ck_assert_str_eq(event_types(), "kpi.created");
}
END_TEST

/* Form C and full case folding; white space at the ends is not kept. */
START_TEST(names_are_unique_whatever_their_form)
{
    static const char *const same[][2] = {{"MRR", "MRR "},
                                          {"\u00C4rger", "A\u0308RGER"},
                                          {"Stra\u00DFe", "STRASSE"},
                                          {"Kelvin", "\u212Aelvin"}};
    static const char *const invisible[] = {"\u2060", "\u200C\u200E", "\u00AD", "\u3164",
                                            "\u2800", "\u0301",       "\uFE0F", "\u200B"};

    for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
        add(same[i][0]);
        ck_refused(
            ask("createSharedKPI", NULL, format("{'name': '%s', 'direction': 'up'}", same[i][1])),
            409, "DUPLICATE_NAME");
    }
    for (size_t i = 0; i < sizeof invisible / sizeof *invisible; i++)
        ck_invalid(
            ask("createSharedKPI", NULL, format("{'name': '%s', 'direction': 'up'}", invisible[i])),
            "name");
    const struct rig_answer *kpi =
        ask("createSharedKPI", NULL, "{'name': '\u3000Ko\u0308ln\u00A0 ', 'direction': 'UP'}");
    ck_at(kpi, "data.name", "'K\u00F6ln'");
    ck_at(kpi, "data.direction", "'up'");
    ck_at(ask_all("getSharedKPIs", NULL, "{'search': ['strasse']}", NULL), "page.total", "1");
    ck_at(ask_all("getSharedKPIs", NULL, "{'search': ['KO\u0308L']}", NULL), "page.total", "1");
}
END_TEST

START_TEST(names_are_unique_in_any_case)
{
    const char *id = add("Ärger in Straßen"), *other = add("Other");

    add("ΣΊΣΥΦΟΣ");
    ck_refused(ask("createSharedKPI", NULL, "{'name': 'äRGER IN straßen', 'direction': 'up'}"), 409,
               "DUPLICATE_NAME");
    ck_refused(ask("createSharedKPI", NULL, "{'name': 'Σίσυφος', 'direction': 'up'}"), 409,
               "DUPLICATE_NAME");
    ck_refused(ask("updateSharedKPI", path_of(other), "{'name': 'ÄRGER in Straßen'}"), 409,
               "DUPLICATE_NAME");
    ck_answer(ask("updateSharedKPI", path_of(id), "{'name': 'ÄRGER in Straßen'}"), 200);
    ck_answer(ask("deleteSharedKPI", path_of(id), NULL), 200);
    add("ärger in straßen");
    const struct rig_answer **answers =
        ask_at_once(8, "createSharedKPI", NULL, "{'name': 'once', 'direction': 'up'}");
    ck_assert_uint_eq(count_http(answers, 8, 201), 1);
    ck_assert_uint_eq(count_http(answers, 8, 409), 7);
}
END_TEST

START_TEST(changes_what_is_named)
{
    const char *id = add_with("a", ", 'unit': 'm', 'targetValue': 5");
    const struct rig_answer *kpi =
        ask("updateSharedKPI", path_of(id), "{'description': 'b', 'targetValue': null}");

    ck_answer(kpi, 200);
    ck_at(kpi, "version", "2");
    ck_at(kpi, "data.unit", "'m'");
    ck_at(kpi, "data.targetValue", "null");
    ck_answer(record(id, "2025-01", "'value': 1"), 201);
    kpi = ask("updateSharedKPI", path_of(id), "{'description': 'c'}");
    ck_assert_str_eq(at(kpi, "data"), at(ask("getKPIById", path_of(id), NULL), "data"));
    ck_at(kpi, "data.readings[0].period", "'2025-01'");
    ck_at(kpi, "version", "3");
    caller.if_version = 1;
    ck_refused(ask("updateSharedKPI", path_of(id), "{'unit': 'n'}"), 412, "PRECONDITION_FAILED");
    caller.if_version = 1;
    ck_refused(ask("deleteSharedKPI", path_of(id), NULL), 412, "PRECONDITION_FAILED");
    caller.if_version = 3;
    ck_answer(ask("deleteSharedKPI", path_of(id), NULL), 200);
    ck_refused(ask("getKPIById", path_of(id), NULL), 404, "KPI_NOT_FOUND");
    ck_refused(record(id, "2025-01", "'value': 1"), 404, "KPI_NOT_FOUND");
    ck_assert_str_eq(event_types(), "kpi.created kpi.updated kpi.reading.created "
                                    "kpi.updated kpi.deleted");
    ck_at(event_of_type("kpi.deleted"), "data.name", "'a'");
}
END_TEST

START_TEST(keeps_to_the_limit)
{
    rig_new_tenant();
    caller.limits[LIMIT_KPIS] = 1;
    const char *id = add("a");
    ck_refused(ask("createSharedKPI", NULL, "{'name': 'b', 'direction': 'up'}"), 403,
               "KPI_LIMIT_REACHED");
    ck_answer(ask("deleteSharedKPI", path_of(id), NULL), 200);
    add("b");
}
END_TEST

START_TEST(a_month_has_one_reading)
{
    const char *id = add("a");
    const struct rig_answer *first = record(id, "2025-02", "'value': 0.1, 'reason': 'why'");
    const struct rig_answer *again = record(id, "2025-02", "'value': -2.5, 'adjusted_value': 3");

    ck_answer(first, 201);
    ck_at(first, "data.adjustedValue", "null");
    ck_at(first, "data.source", "'manual'");
    ck_answer(again, 200);
    ck_assert_str_eq(text_at(again, "data.id"), text_at(first, "data.id"));
    ck_assert_str_eq(text_at(again, "data.createdAt"), text_at(first, "data.createdAt"));
    ck_at(again, "data.reason", "null");
    ck_answer(record(id, "2024-12", "'value': 1"), 201);
    const struct rig_answer *list = ask("getKPIReadings", path_of(id), NULL);
    ck_at(list, "page.total", "2");
    ck_at(list, "data[0]", at(again, "data"));
    ck_at(list, "data[1].period", "'2024-12'");
    ck_assert_str_eq(event_types(), "kpi.created kpi.reading.created kpi.reading.created "
                                    "kpi.reading.created");
    const struct rig_answer *event = event_of_type("kpi.reading.created");
    ck_at(event, "data.goalIds", "[]");
    ck_at(event, "data.kpi.name", "'a'");
    const struct rig_answer **answers =
        ask_at_once(8, "createKPIReading", path_of(id), "{'period': '2025-03', 'value': 1}");
    ck_assert_uint_eq(count_http(answers, 8, 201), 1);
    ck_assert_uint_eq(count_http(answers, 8, 200), 7);
    /* What is written last is the latest, also when it was asked before. */
    sql_value("UPDATE kpis.readings SET updated_at = '2999-12-31T23:59:59.999Z'");
    again = record(id, "2025-03", "'value': 2");
    ck_at(again, "data.updatedAt", "'2999-12-31T23:59:59.999Z'");
    ck_at(event_of_type("kpi.reading.created"), "at", "32503679999999000");
}
END_TEST

static const struct rig_answer *put(const char *id, const char *body)
{
    return ask("updateSharedKPI", path_of(id), body);
}

/* currentValue in a KPI's body becomes the reading of its day's month. */
START_TEST(a_value_makes_a_measurement)
{
    const struct rig_answer *kpi =
        ask("createSharedKPI", NULL,
            "{'name': 'a', 'direction': 'up', 'baselineDate': '2024-12-31T23:30:00-01:00', "
            "'currentValue': 4, 'currentValueDate': '2025-01-15'}");
    const char *id = text_at(kpi, "data.id");

    ck_answer(kpi, 201);
    ck_at(kpi, "data.baselineDate", "'2025-01-01'");
    ck_at(kpi, "data.currentValue", "4.0");
    ck_at(kpi, "data.currentValueDate", "'2025-01-15'");
    ck_at(kpi, "data.readings[0].period", "'2025-01'");
    ck_at(kpi, "data.historicalValues[0].value", "4.0");
    ck_at(kpi, "data.linkedGoals", "[]");
    ck_assert_str_eq(at(ask("getKPIById", path_of(id), NULL), "data"), at(kpi, "data"));
    ck_at(event_of_type("kpi.created"), "data.currentValue", "null");
    ck_at(event_of_type("kpi.reading.created"), "data.reading.value", "4.0");
    kpi = put(id, "{'current_value': 5, 'currentValueDate': '2025-02-10', 'unit': 'm'}");
    ck_answer(kpi, 200);
    ck_at(kpi, "data.currentValueDate", "'2025-02-10'");
    ck_at(kpi, "data.kpi.currentValue", "5.0");
    ck_at(kpi, "data.unit", "'m'");
    ck_at(kpi, "version", "2");
    ck_assert_str_eq(at(ask("getKPIById", path_of(id), NULL), "data"), at(kpi, "data"));
    ck_assert_str_eq(listed("getSharedKPIs", "{'search': ['a']}", "currentValueDate"),
                     "2025-02-10 1");
    /* What was said before is not measured anew, nor is an older value that is known. */
    ck_answer(put(id, "{'currentValue': 5, 'currentValueDate': '2025-02-10'}"), 200);
    ck_answer(put(id, "{'currentValue': 4, 'currentValueDate': '2025-01-15', 'unit': 'k'}"), 200);
    ck_answer(put(id, "{'currentValue': null, 'currentValueDate': null}"), 200);
    ck_assert_str_eq(event_types(),
                     "kpi.created kpi.reading.created kpi.measurement.created kpi.updated "
                     "kpi.reading.created kpi.measurement.created kpi.updated kpi.updated "
                     "kpi.updated");
    /* Of today, when nothing is said. */
    kpi = put(id, "{'currentValue': 5}");
    ck_assert_str_eq(text_at(kpi, "data.currentValueDate"),
                     sql_value("SELECT to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD')"));
    ck_at(kpi, "data.readings[2].period", "'2025-01'");
}
END_TEST

START_TEST(refuses_bad_measurements)
{
    const char *id = add("a");

    ck_invalid(put(id, "{'currentValue': 'x', 'currentValueDate': 'y'}"), "currentValue");
    ck_invalid(put(id, "{'currentValueDate': '2025-01-15'}"), "currentValueDate");
    ck_invalid(put(id, format("{'currentValue': 1, 'currentValueDate': '%s'}",
                              sql_value("SELECT to_char(now() AT TIME ZONE 'UTC' + interval '2 "
                                        "days', 'YYYY-MM-DD')"))),
               "currentValueDate");
    ck_invalid(ask("createSharedKPI", NULL,
                   "{'name': '', 'direction': 'up', 'baselineDate': '2025-02-30', "
                   "'currentValue': 1, 'currentValueDate': '9999-01-01'}"),
               "currentValueDate");
    ck_at(ask("getKPIReadings", path_of(id), NULL), "page.total", "0");
    ck_assert_str_eq(event_types(), "kpi.created");
}
END_TEST

/* The day of a reading that says none: the last of its month. */
START_TEST(a_month_counts_for_its_last_day)
{
    const char *id = add("a");

    ck_answer(record(id, "2024-02", "'value': 1"), 201);
    ck_at(ask("getKPIById", path_of(id), NULL), "data.currentValueDate", "'2024-02-29'");
    ck_answer(put(id, "{'currentValue': 2, 'currentValueDate': '2024-02-03'}"), 200);
    ck_at(ask("getKPIById", path_of(id), NULL), "data.currentValueDate", "'2024-02-03'");
    ck_answer(record(id, "2024-02", "'value': 3"), 200);
    ck_at(ask("getKPIById", path_of(id), NULL), "data.currentValueDate", "'2024-02-29'");
    ck_answer(record(id, "9999-12", "'value': 1"), 201);
    ck_at(ask("getKPIById", path_of(id), NULL), "data.currentValueDate", "'9999-12-31'");
}
END_TEST

/* svc-goals cannot say what they are called. */
START_TEST(goals_without_names)
{
    const char *id = add("a"), *goal = link_in_table(id, "threshold, is_primary", "50, true");
    const struct rig_answer *kpi = ask("getKPIById", path_of(id), NULL);

    ck_answer(kpi, 200);
    ck_at(kpi, "data.linkedGoals[0].goalId", format("'%s'", goal));
    ck_at(kpi, "data.linkedGoals[0].goalName", "null");
    ck_at(kpi, "data.linkedGoals[0].isPrimary", "true");
    const struct rig_answer *list = ask("getGoalKPIs", format("{'goalId': '%s'}", goal), NULL);
    ck_answer(list, 200);
    ck_at(list, "data.goalName", "null");
    ck_at(list, "data.kpis[0].progressStatus", "null");
    ck_at(list, "data.primaryKpi.name", "'a'");
    list = ask("getGoalMeasures", format("{'goalId': '%s'}", goal), NULL);
    ck_at(list, "data.measures[0].measureId", format("'%s'", id));
    ck_at(list, "data.totalMeasures", "1");
    ck_refused(ask("getGoalKPIs", format("{'goalId': '%s'}", id), NULL), 503,
               "SERVICE_UNAVAILABLE");
}
END_TEST

START_TEST(refuses_bad_readings)
{
    static const char *const bad[][2] = {
        {"{'period': '2025-13', 'value': 1}", "period"},
        {"{'period': '2025-1', 'value': 1}", "period"},
        {"{'period': '2025-02-30', 'value': 1}", "period"},
        {"{'period': 202501, 'value': 1}", "period"},
        {"{'period': null, 'value': 1}", "period"},
        {"{'value': 1}", "period"},
        {"{'period': '2025-01'}", "value"},
        {"{'period': '2025-01', 'value': null}", "value"},
        {"{'period': '2025-01', 'value': 'NaN'}", "value"},
        {"{'period': '2025-01', 'value': '5'}", "value"},
        {"{'period': '2025-01', 'value': 1, 'adjustedValue': 'Infinity'}", "adjustedValue"},
    };
    const char *id = add("a");

    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        const struct rig_answer *refused = ask("createKPIReading", path_of(id), bad[i][0]);
        ck_answer(refused, 422);
        ck_assert_msg(strcmp(at(refused, format("errors/%s", bad[i][1])), "absent") != 0, "%s: %s",
                      bad[i][0], refused->text);
    }
    ck_at(ask("getKPIReadings", path_of(id), NULL), "page.total", "0");
    ck_assert_str_eq(event_types(), "kpi.created");
}
END_TEST

/* "2025-03 2025-02" */
static const char *periods(const char *id, const char *query)
{
    const struct rig_answer *list = ask_all("getKPIReadings", path_of(id), query, NULL);
    const char *text = "";

    ck_answer(list, 200);
    for (int i = 0; strcmp(at(list, format("data[%d]", i)), "absent") != 0; i++)
        text = format("%s%s ", text, text_at(list, format("data[%d].period", i)) + 5);
    return format("%s%s", text, at(list, "page.total"));
}

START_TEST(lists_a_range)
{
    const char *id = add("a");

    for (int month = 1; month <= 5; month++)
        ck_answer(record(id, format("2025-0%d", month), "'value': 1"), 201);
    ck_assert_str_eq(periods(id, NULL), "05 04 03 02 01 5");
    ck_assert_str_eq(periods(id, "{'size': ['2'], 'page': ['2']}"), "03 02 5");
    ck_assert_str_eq(periods(id, "{'startDate': ['2025-02'], 'endDate': ['2025-04']}"),
                     "04 03 02 3");
    ck_assert_str_eq(periods(id, "{'startDate': ['2025-02-28'], 'end_date': ['2025-03-01']}"),
                     "03 02 2");
    ck_assert_str_eq(periods(id, "{'startDate': ['2025-05-31T23:30:00-01:00']}"), "0");
    ck_assert_str_eq(periods(id, "{'endDate': ['2025-01']}"), "01 1");
    static const char *const bad[][2] = {
        {"{'startDate': ['2025-13']}", "startDate"},
        {"{'endDate': ['2025-02-30']}", "endDate"},
        {"{'endDate': ['tomorrow']}", "endDate"},
        {"{'startDate': ['2025-03'], 'endDate': ['2025-02']}", "endDate"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        const struct rig_answer *refused = ask_all("getKPIReadings", path_of(id), bad[i][0], NULL);
        ck_answer(refused, 422);
        ck_assert_msg(strcmp(at(refused, format("errors/%s", bad[i][1])), "absent") != 0, "%s: %s",
                      bad[i][0], refused->text);
    }
}
END_TEST

START_TEST(answers_the_newest_24)
{
    const char *id = add("a");

    for (int month = 1; month <= 12; month++)
        for (int year = 2023; year <= 2025; year++)
            ck_answer(record(id, format("%d-%02d", year, month), "'value': 1"), 201);
    const struct rig_answer *detail = ask("getKPIById", path_of(id), NULL);
    ck_at(detail, "data.readings[0].period", "'2025-12'");
    ck_at(detail, "data.readings[23].period", "'2024-01'");
    ck_at(detail, "data.readings[24]", "absent");
}
END_TEST

START_TEST(says_what_goals_show)
{
    const char *id = add_with("a", ", 'targetValue': 200");

    ck_answer(record(id, "2025-02", "'value': 1, 'adjustedValue': 150"), 201);
    ck_answer(record(id, "2025-01", "'value': 100"), 201);
    const char *goal = link_in_table(id, "threshold", "50");
    const char *own = link_in_table(id, "threshold, baseline_value, target_value", "50, 300, 100");
    const char *body = format("{'goalIds': ['%s', '%s', '%s']}", goal, own,
                              sql_value("SELECT gen_random_uuid()::text"));

    const struct rig_answer *links = ask("kpisOfGoals", NULL, body);
    ck_answer(links, 200);
    ck_assert_double_eq(atof(at(links, "data.progress[0]")), 50);
    ck_assert_double_eq(atof(at(links, "data.progress[1]")), 75);
    ck_at(links, "data.progress[2]", "null");
    ck_refused(ask("deleteSharedKPI", path_of(id), NULL), 409, "DEPENDENCY_EXISTS");
    ck_refused(record(id, "2025-03", "'value': 7"), 504, "UPSTREAM_TIMEOUT");
    const struct rig_answer *event = event_of_type("kpi.reading.created");
    ck_assert_str_ne(at(event, "data.goalIds[1]"), "absent");
    ck_assert_str_ne(at(event, "data.activityIds[1]"), "absent");
    ck_at(event, "data.goalIds[2]", "absent");
    ck_at(event, "data.text", "'a: 7 in 2025-03'");
}
END_TEST

/* Nobody can say whether the goal exists: nothing is written on that condition, but what is linked
 * can be read and changed. */
START_TEST(links_without_svc_goals)
{
    const char *id = add("a");
    const char *goal = link_in_table(id, "threshold", "50");
    const char *other = sql_value("SELECT gen_random_uuid()::text");

    ck_refused(ask("attachKPI", format("{'goalId': '%s'}", other),
                   format("{'kpi_id': '%s', 'threshold_pct': 5}", id)),
               503, "SERVICE_UNAVAILABLE");
    ck_refused(ask("getKPILinkage", format("{'goalId': '%s', 'kpiId': '%s'}", other, id), NULL),
               503, "SERVICE_UNAVAILABLE");
    const char *path = format("{'goalId': '%s', 'kpiId': '%s'}", goal, id);
    const struct rig_answer *link = ask("getKPILinkage", path, NULL);
    ck_answer(link, 200);
    link = ask("updateKPIThreshold",
               format("{'goalId': '%s', 'kpiId': '%s'}", goal, text_at(link, "data.id")),
               "{'threshold_pct': 12.5}");
    ck_answer(link, 200);
    ck_at(ask("getKPILinkage", path, NULL), "data", at(link, "data"));
    ck_answer(ask("detachKPI", format("{'goalId': '%s'}", goal), format("{'kpi_id': '%s'}", id)),
              200);
    ck_assert_str_eq(event_types(), "kpi.created kpi.linked kpi.unlinked");
}
END_TEST

/* It is recorded, but nobody can say whether the feeds show it: no answer promises that they do,
 * however often it is asked, and it is recorded once. */
START_TEST(promises_no_feed_without_svc_goals)
{
    const char *id = add("a");

    link_in_table(id, "threshold", "50");
    for (int i = 0; i < 3; i++) {
        caller.command = "again";
        ck_refused(record(id, "2025-03", "'value': 7"), 504, "UPSTREAM_TIMEOUT");
    }
    ck_at(ask("getKPIReadings", path_of(id), NULL), "page.total", "1");
    ck_assert_str_eq(event_types(), "kpi.created kpi.reading.created");
    sql_value("DELETE FROM kpis.links");
    ck_answer(record(id, "2025-04", "'value': 7"), 201);
}
END_TEST

START_TEST(records_for_actions)
{
    const char *id = add("a"), *other = add("b");
    const char *link;

    link_in_table(id, "threshold", "50");
    link = sql_value(format("SELECT id::text FROM kpis.links WHERE kpi_id = '%s'", id));
    const char *rest = "'period': '2025-01', 'value': 2, "
                       "'sourceId': '018f0000-0000-7000-8000-000000000001'";
    /* A link's id means its KPI; that the goal's feed shows it cannot be promised here. */
    ck_refused(ask("recordKPIReading", NULL, format("{'kpiId': '%s', %s}", link, rest)), 504,
               "UPSTREAM_TIMEOUT");
    ck_at(event_of_type("kpi.reading.created"), "data.kpi.id", format("'%s'", id));
    const struct rig_answer *recorded =
        ask("recordKPIReading", NULL, format("{'sharedKpiId': '%s', %s}", other, rest));
    ck_answer(recorded, 201);
    ck_at(recorded, "data.kpiId", format("'%s'", other));
    ck_at(recorded, "data.reading.source", "'action'");
    ck_invalid(ask("recordKPIReading", NULL,
                   format("{'kpiId': '%s', 'sharedKpiId': '%s', %s}", link, other, rest)),
               "kpiId");
    ck_invalid(ask("recordKPIReading", NULL, format("{%s}", rest)), "kpiId");
    static const char *unknown = "018f0000-0000-7000-8000-000000000001";
    ck_refused(ask("recordKPIReading", NULL, format("{'kpiId': '%s', %s}", unknown, rest)), 404,
               "KPI_NOT_FOUND");
    ck_refused(ask("recordKPIReading", NULL, format("{'sharedKpiId': '%s', %s}", unknown, rest)),
               404, "KPI_NOT_FOUND");
    /* Twice the same and unknown: it is not there, and they do not differ. */
    ck_refused(ask("recordKPIReading", NULL,
                   format("{'kpiId': '%s', 'sharedKpiId': '%s', %s}", unknown, unknown, rest)),
               404, "KPI_NOT_FOUND");
    const char *mixed = format("{'kpiId': '%s', 'sharedKpiId': '%s', %s}", unknown, id, rest);
    ck_invalid(ask("recordKPIReading", NULL, mixed), "kpiId");
    ck_invalid(ask("checkKPI", NULL, mixed), "kpiId");
    ck_refused(ask("checkKPI", NULL, format("{'sharedKpiId': '%s'}", unknown)), 404,
               "KPI_NOT_FOUND");
    ck_answer(ask("checkKPI", NULL, format("{'kpiId': '%s', 'sharedKpiId': '%s'}", link, id)), 200);
}
END_TEST

/* Clients send back what they were given; a reading is not changed that way. */
START_TEST(readings_that_are_sent_back_are_as_they_are)
{
    const char *id = add("Sent back");
    const char *reading =
        text_at(record(id, "2025-01", "'value': 1, 'adjustedValue': 2, 'reason': 'r'"), "data.id");
    const struct rig_answer *plain = record(id, "2025-02", "'value': 3");
    static const char *const same[] = {"'value': 1", "'value': 1, 'adjustedValue': 2.0",
                                       "'reason': 'r', 'period': '2025-01'"};
    static const char *const others[] = {
        "'value': 2",    "'value': 0.5",        "'adjustedValue': null",
        "'reason': 's'", "'period': '2025-03'", "'value': 'x'"};

    for (size_t i = 0; i < sizeof same / sizeof *same; i++)
        ck_answer(ask("updateSharedKPI", path_of(id),
                      format("{'readings': [{'id': '%s', %s}]}", reading, same[i])),
                  200);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        ck_invalid(ask("updateSharedKPI", path_of(id),
                       format("{'readings': [{'id': '%s', %s}]}", reading, others[i])),
                   "readings[0]");
    ck_invalid(
        ask("updateSharedKPI", path_of(id),
            format("{'readings': [{'id': '%s', 'adjustedValue': 4}]}", text_at(plain, "data.id"))),
        "readings[0]");
    ck_invalid(ask("updateSharedKPI", path_of(id), "{'readings': [{'value': 1}]}"), "readings[0]");
    ck_invalid(ask("updateSharedKPI", path_of(id), "{'readings': {}}"), "readings");
}
END_TEST

START_TEST(says_which_goals_a_plan_concerns)
{
    const char *id = add_with("Impact", ", 'baselineValue': 0, 'targetValue': 10");

    ck_answer(record(id, "2025-01", "'value': 5"), 201); /* before: it is told to svc-goals */
    const char *goal = link_in_table(id, "threshold, target_value", "50, 20");
    const struct rig_answer *impact = ask("getCrossGoalImpact", path_of(id), NULL);
    ck_answer(impact, 200);
    ck_at(impact, "data.kpiId", format("'%s'", id));
    ck_at(impact, "data.kpiName", "'Impact'");
    ck_at(impact, "data.totalGoalsAffected", "1");
    ck_at(impact, "data.affectedGoals[0].goalId", format("'%s'", goal));
    ck_at(impact, "data.affectedGoals[0].currentAlignment", "25.0");
    ck_at(impact, "degraded", "'svc-goals'");
    ck_refused(ask("getCrossGoalImpact", path_of("019caa84-0000-7000-8000-000000000000"), NULL),
               404, "KPI_NOT_FOUND");
}
END_TEST

SERVICE_SUITE_MAIN("KPIs", creates_and_reads, refuses_what_is_wrong, names_are_unique_in_any_case,
                   names_are_unique_whatever_their_form, changes_what_is_named, keeps_to_the_limit,
                   a_month_has_one_reading, a_value_makes_a_measurement, refuses_bad_measurements,
                   a_month_counts_for_its_last_day, goals_without_names, refuses_bad_readings,
                   lists_a_range, answers_the_newest_24, says_what_goals_show,
                   links_without_svc_goals, promises_no_feed_without_svc_goals, records_for_actions,
                   readings_that_are_sent_back_are_as_they_are, says_which_goals_a_plan_concerns)
