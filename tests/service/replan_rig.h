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

#endif
