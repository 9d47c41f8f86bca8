/* What the report says and in which order: the same for every file format. */
#ifndef TRACTION_CONTENT_H
#define TRACTION_CONTENT_H

#include "arena.h"
#include "report.h"
#include "sink.h"

/* Tells the sink the whole report, from cover to activity. Calls it the same way each time, so a
 * sink may have it told twice (once to count pages). Strings live in the arena. */
void content_tell(const struct report *report, struct arena *arena, struct sink *sink);

#endif
