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

void fixture_board(struct world *w);
void fixture_scripts(struct world *w);
void fixture_hostile(struct world *w);

#endif
