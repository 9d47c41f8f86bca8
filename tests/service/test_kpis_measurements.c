/* Readings as measurements, in the tables of svc-kpis. */
#include "replan_rig.h"

static const char *kpi_new(void)
{
    return revenue("");
}

static const struct rig_answer *post(const char *kpi, const char *period, const char *more)
{
    return ask("createKPIReading", of(kpi), format("{'period': '%s'%s}", period, more));
}

/* Day, subtype, value, override, whether it was posted, version: of each, by day. */
static const char *stored(const char *kpi)
{
    return sql_value(format(
        "SELECT coalesce(string_agg(concat_ws(' ', to_char(day AT TIME ZONE 'UTC', 'YYYY-MM-DD'), "
        "subtype, value, adjusted_value, override_comment, rationale, source, source_id, "
        "CASE WHEN is_posted THEN 'posted' END, version), '; ' ORDER BY day, subtype), '') "
        "FROM kpis.measurements WHERE kpi_id = '%s'",
        kpi));
}

START_TEST(keeps_posted_readings)
{
    const char *kpi = kpi_new();

    ck_answer(post(kpi, "2024-02", ", 'value': 4, 'reason': 'late'"), 201);
    ck_answer(post(kpi, "2025-01", ", 'value': 5, 'adjustedValue': 6, 'reason': 'rounded'"), 201);
    ck_answer(post(kpi, "2024-02", ", 'value': 3"), 200);
    ck_assert_str_eq(stored(kpi), "2024-02-29 Measured 3 manual posted 2; "
                                  "2025-01-31 Measured 5 6 rounded manual posted 1");
    ck_assert_ptr_nonnull(sql_value(
        format("SELECT 1 FROM kpis.measurements WHERE kpi_id = '%s' AND "
               "substr(id::text, 15, 1) = '7' AND substr(id::text, 20, 1) IN ('8', '9', 'a', 'b') "
               "LIMIT 1",
               kpi)));
    ck_positions();
}
END_TEST

/* One per month, also of the running one, whose day moves on. */
START_TEST(keeps_one_posted_reading_of_a_month)
{
    const char *kpi = kpi_new();
    const char *month = sql_value("SELECT to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM')");
    const char *today = sql_value("SELECT to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD')");

    ck_answer(post(kpi, month, ", 'value': 1"), 201);
    ck_assert_str_eq(stored(kpi), format("%s Measured 1 manual posted 1", today));
    sql_value(format("UPDATE kpis.measurements SET day = date_trunc('month', day, 'UTC') + "
                     "CASE WHEN day = date_trunc('month', day, 'UTC') THEN interval '1 day' ELSE "
                     "interval '0' END WHERE kpi_id = '%s' RETURNING 1",
                     kpi));
    ck_answer(post(kpi, month, ", 'value': 2"), 200);
    ck_assert_str_eq(stored(kpi), format("%s Measured 2 manual posted 1", today));
    ck_positions();
}
END_TEST

START_TEST(keeps_values_of_days)
{
    const char *kpi = kpi_new();

    ck_answer(
        ask("updateSharedKPI", of(kpi), "{'currentValue': 4, 'currentValueDate': '2025-01-15'}"),
        200);
    ck_assert_str_eq(stored(kpi), "2025-01-15 Measured 4 manual 1");
    ck_at(event_of_type("kpi.measurement.created"), "data.actualValue", "4.0");
    ck_at(event_of_type("kpi.measurement.created"), "data.measurementDate", "'2025-01-15'");
    ck_answer(
        ask("updateSharedKPI", of(kpi), "{'currentValue': 5, 'currentValueDate': '2025-01-15'}"),
        200);
    ck_at(event_of_type("kpi.measurement.updated"), "data.actualValue", "5.0");
    /* Another day of the month is another measurement; the one that was recorded last counts. */
    ck_answer(
        ask("updateSharedKPI", of(kpi), "{'currentValue': 6, 'currentValueDate': '2025-01-10'}"),
        200);
    ck_assert_str_eq(stored(kpi), "2025-01-10 Measured 6 manual 1; 2025-01-15 Measured 5 manual 2");
    const struct rig_answer *shown_now = ask("getKPIById", of(kpi), NULL);
    ck_says(shown_now, "data.currentValue", "6");
    ck_says(shown_now, "data.currentValueDate", "'2025-01-10'");
    ck_says(shown_now, "data.readings[1]", "absent");
    /* What is posted for the month is on its last day, and counts from then on. */
    ck_answer(post(kpi, "2025-01", ", 'value': 7"), 200);
    ck_assert_str_eq(stored(kpi), "2025-01-10 Measured 6 manual 1; 2025-01-15 Measured 5 manual 2; "
                                  "2025-01-31 Measured 7 manual posted 1");
    ck_says(ask("getKPIById", of(kpi), NULL), "data.currentValueDate", "'2025-01-31'");
    ck_positions();
}
END_TEST

/* What a program of an older release writes. */
static void write_as_before(const char *kpi, int period, const char *day, int value)
{
    sql_value(format(
        "WITH tenant AS (SELECT set_config('app.tenant', '%s', true)) "
        "INSERT INTO kpis.readings AS r (tenant_id, id, kpi_id, period, version, created_at, "
        "updated_at, created_by, updated_by, day, value, adjusted_value, reason, source, source_id)"
        " SELECT '%s', gen_random_uuid(), '%s', %d, 1, now(), now(), 'old', 'old', %s, %d, NULL, "
        "'by hand', 'manual', NULL FROM tenant ON CONFLICT (tenant_id, kpi_id, period) DO UPDATE "
        "SET value = excluded.value, reason = excluded.reason, source = excluded.source, "
        "source_id = excluded.source_id, day = excluded.day, version = r.version + 1 RETURNING 1",
        caller.tenant, caller.tenant, kpi, period, day, value));
}

START_TEST(hears_of_older_programs)
{
    const char *kpi = kpi_new();

    write_as_before(kpi, 2025 * 12, "NULL", 1);
    ck_assert_str_eq(stored(kpi), "2025-01-31 Measured 1 by hand manual posted 1");
    write_as_before(kpi, 2025 * 12 + 1, "'2025-02-03T00:00Z'", 2);
    ck_answer(
        ask("updateSharedKPI", of(kpi), "{'currentValue': 3, 'currentValueDate': '2025-02-20'}"),
        200);
    ck_answer(post(kpi, "2025-01", ", 'value': 4"), 200);
    write_as_before(kpi, 2025 * 12 + 1, "NULL", 5);
    ck_assert_str_eq(stored(kpi), "2025-01-31 Measured 4 manual posted 2; "
                                  "2025-02-03 Measured 2 by hand manual 1; "
                                  "2025-02-20 Measured 3 manual 1; "
                                  "2025-02-28 Measured 5 by hand manual posted 1");
    ck_positions();
}
END_TEST

/* Without statistics the planner takes any key that begins with the tenant, and so reads all that
 * the tenant has. */
START_TEST(is_not_led_to_all_of_a_tenant)
{
    static const char *const asked[] = {
        "kpis.measurements WHERE tenant_id = 't' AND kpi_id = gen_random_uuid() AND period = 1",
        "kpis.target_points WHERE tenant_id = 't' AND kpi_id = gen_random_uuid()",
        "kpis.links WHERE tenant_id = 't' AND goal_id = gen_random_uuid()",
    };

    for (size_t i = 0; i < sizeof asked / sizeof *asked; i++) {
        const char *plan = sql_value(format("EXPLAIN (FORMAT json) SELECT FROM %s", asked[i]));
        ck_assert_msg(strstr(plan, "_id\"") == NULL, "%s", plan);
    }
}
END_TEST

SERVICE_SUITE_MAIN("measurements", keeps_posted_readings, keeps_one_posted_reading_of_a_month,
                   keeps_values_of_days, hears_of_older_programs, is_not_led_to_all_of_a_tenant)
