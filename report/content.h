/* The contents of the report and their order: the same for every file format. */
#ifndef TRACTION_CONTENT_H
#define TRACTION_CONTENT_H

#include "arena.h"
#include "report.h"
#include "sink.h"

/* Writes the whole report to the sink, from cover to activity. Two runs make the same calls, so a
 * sink can use two passes (the first counts pages). Strings live in the arena. */
void content_write(const struct report *report, struct arena *arena, struct sink *sink);

#endif
