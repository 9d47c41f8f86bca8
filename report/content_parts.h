/* What the chapters share; private to the content. */
#ifndef TRACTION_CONTENT_PARTS_H
#define TRACTION_CONTENT_PARTS_H

#include "arena.h"
#include "report.h"
#include "sink.h"

struct content_writer {
    const struct report *report;
    struct arena *arena;
    struct sink *sink;
};

/* The chapters: summary.c and progress.c. */
void content_summary(const struct content_writer *t);
void content_goals(const struct content_writer *t);
void content_kpis(const struct content_writer *t);

/* Says "First 2,000 of 10,000 ..., by due date." when the list was cut. */
void content_note_cut(const struct content_writer *t, const struct list *list, int64_t total,
                      const char *what, const char *order);
/* How many there are, shown or not. */
int64_t content_total(const struct list *list, int64_t total);
/* The counts as the bars of a chart: at most ten, what is more as "Other". */
struct bars content_bars(const struct content_writer *t, const char *title,
                         const struct list *counts);

enum { TITLE_MAX = 300, NAME_LENGTH_MAX = 120, TEXT_MAX = 2000, ENTRY_MAX = 1000 };

#endif
