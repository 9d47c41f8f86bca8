/* What the tests of re-planning share: KPIs with a plan, numbers of answers. */
#ifndef TRACTION_REPLAN_RIG_H
#define TRACTION_REPLAN_RIG_H

#include "service_rig.h"

/* A value of an answer, numbers to ten digits; whole answers are too long to be told. */
static inline const char *shown(const struct rig_answer *answer, const char *path)
{
    const char *text = at(answer, path);
    char *end;
    double number = strtod(text, &end);

    return *text && !*end ? format("%.10g", number) : text;
}
#define ck_says(answer_, path_, expected_) ck_assert_str_eq(shown((answer_), (path_)), (expected_))

static inline const char *of(const char *kpi)
{
    return format("{'id': '%s'}", kpi);
}

/* 45,000 on 2024-12-31. */
static inline const char *revenue(const char *more)
{
    static int made;
    const struct rig_answer *kpi =
        ask("createSharedKPI", NULL,
            format("{'name': 'Revenue %d', 'direction': 'up', 'baselineValue': 45000, "
                   "'baselineDate': '2024-12-31'%s}",
                   ++made, more));

    ck_answer(kpi, 201);
    return text_at(kpi, "data.id");
}

#define QUARTERS                                              \
    "{'milestoneDate': '2025-03-31', 'targetValue': 50000}, " \
    "{'milestoneDate': '2025-06-30', 'targetValue': 75000}, " \
    "{'milestoneDate': '2025-09-30', 'targetValue': 90000}, " \
    "{'milestoneDate': '2025-12-31', 'targetValue': 100000}"

static inline const struct rig_answer *set(const char *kpi, const char *items, const char *more)
{
    return ask("updateKPIMilestones", of(kpi), format("{'milestones': [%s]%s}", items, more));
}

static inline const char *planned(const char *more)
{
    const char *kpi = revenue(more);

    ck_answer(set(kpi, QUARTERS, ""), 200);
    return kpi;
}

static inline const struct rig_answer *plan(const char *kpi, const char *granularity)
{
    return ask_all("getKPIPlan", of(kpi), format("{'granularity': ['%s']}", granularity), NULL);
}

static inline void measured(const char *kpi, const char *month, const char *value)
{
    const struct rig_answer *reading =
        ask("createKPIReading", of(kpi), format("{'period': '%s', 'value': %s}", month, value));

    ck_assert(reading->http == 201 || reading->http == 200);
}

/* The id of what was measured on the day. */
static inline const char *measurement(const char *kpi, const char *day)
{
    const char *id = sql_value(format(
        "SELECT id::text FROM kpis.measurements WHERE kpi_id = '%s' AND day = '%s Z'", kpi, day));

    ck_assert_ptr_nonnull(id);
    return id;
}

/* That number of each item of a list in an answer: "1 2". */
static inline const char *numbers(const struct rig_answer *answer, const char *list,
                                  const char *member)
{
    const char *text = "", *item;

    for (int i = 0; strcmp(item = shown(answer, format("%s[%d].%s", list, i, member)), "absent");
         i++)
        text = format("%s%s%s", text, i ? " " : "", item);
    return text;
}

/* What triggers keep at each KPI is what its readings and its plan say. */
static inline void ck_positions(void)
{
#define NEAR(side_, points_)                                                            \
    " OR k." side_ "_before_day IS DISTINCT FROM (SELECT max(p.day) FROM kpis." points_ \
    " p WHERE p.kpi_id = k.id AND p.day <= k.current_day) OR k." side_                  \
    "_after_day IS DISTINCT FROM (SELECT min(p.day) FROM kpis." points_                 \
    " p WHERE p.kpi_id = k.id AND p.day > k.current_day)"
    static const char *const wrong =
        "SELECT count(*)::text FROM kpis.kpis k"
        " LEFT JOIN kpis.target_points last ON last.kpi_id = k.id AND last.day = k.last_target_day"
        " LEFT JOIN kpis.target_points tb ON tb.kpi_id = k.id AND tb.day = k.target_before_day"
        " LEFT JOIN kpis.target_points ta ON ta.kpi_id = k.id AND ta.day = k.target_after_day"
        " LEFT JOIN kpis.plan_anchors ab ON ab.kpi_id = k.id AND ab.day = k.anchor_before_day"
        " LEFT JOIN kpis.plan_anchors aa ON aa.kpi_id = k.id AND aa.day = k.anchor_after_day"
        " CROSS JOIN LATERAL (SELECT min(kpis.reading_day(r.day, r.period, r.updated_at)) AS first,"
        " max(kpis.reading_day(r.day, r.period, r.updated_at)) AS newest FROM kpis.readings r"
        " WHERE r.kpi_id = k.id) AS days"
        " WHERE k.deleted_at IS NULL AND ((k.first_day, k.current_day) IS DISTINCT FROM"
        " (days.first, days.newest)" NEAR("target", "target_points") NEAR(
            "anchor",
            "plan_anchors") " OR k.last_target_day IS DISTINCT FROM (SELECT max(t.day) FROM "
                            "kpis.target_points t"
                            " WHERE t.kpi_id = k.id)"
                            " OR (last.value, tb.value, ta.value, ab.left_value, ab.right_value, "
                            "ab.straight,"
                            " aa.left_value, aa.right_value, aa.straight) IS DISTINCT FROM "
                            "(k.last_target_value,"
                            " k.target_before_value, k.target_after_value, k.anchor_before_left, "
                            "k.anchor_before_right,"
                            " k.anchor_before_straight, k.anchor_after_left, k.anchor_after_right,"
                            " k.anchor_after_straight))";
#undef NEAR

    ck_assert_str_eq(sql_value(wrong), "0");
}

#endif
