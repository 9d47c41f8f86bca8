/* What the files of the report's fixture share. */
#ifndef TRACTION_REPORT_FIXTURE_H
#define TRACTION_REPORT_FIXTURE_H

#include "report.h"

struct world {
    struct arena *arena;
    struct report *report;
    uint32_t seed;
};

struct timestamp fixture_day(const char *text);
/* A list of `count` cleared items; answers them. */
void *fixture_list(struct world *w, struct list *list, const struct model *model, size_t count);
/* Monthly readings up to March 2025, from one value to the other with some noise. */
void fixture_readings(struct world *w, struct report_kpi *kpi, size_t count, double from,
                      double to);

extern const char *const fixture_people[8], *const fixture_goals[8];
uint32_t fixture_some(struct world *w, uint32_t below); /* always the same ones */
void fixture_counts(struct world *w, struct list *list, size_t n, const char *const *labels,
                    const int64_t *values);
void fixture_empty(struct world *w, const char *name);
void fixture_goals_of(struct world *w, size_t count);
void fixture_period(struct world *w);

void fixture_old(struct world *w);
void fixture_one(struct world *w);
void fixture_many(struct world *w);
void fixture_board(struct world *w);
void fixture_scripts(struct world *w);
void fixture_hostile(struct world *w);

#endif
