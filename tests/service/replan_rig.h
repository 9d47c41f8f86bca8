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

#endif
