/* What admin.c needs of metrics.c; collectors use admin.h only. */
#ifndef TRACTION_METRICS_H
#define TRACTION_METRICS_H

#include "admin.h"

/* Lives in the arena; one scrape. */
struct metrics *metrics_new(struct arena *arena);
/* Everything that was added, each name's samples together. */
struct str metrics_text(struct metrics *metrics);
/* The process itself: build, start, memory, processor time, open files. */
void metrics_process(struct metrics *metrics);

#endif
