/* Formatting of text, numbers and days in the report: English, UTC, the same in every file format.
 */
#ifndef TRACTION_LABELS_H
#define TRACTION_LABELS_H

#include "arena.h"
#include "sink.h"
#include "str.h"
#include "timestamp.h"

/* Sanitizes text from people: control characters and line ends become one space, characters that
 * no XML may hold and marks that turn the writing direction of what follows are left out, and what
 * is longer than `max` characters ends in "…". Absent becomes empty. */
struct str label_clean(struct arena *arena, struct str text, size_t max);
/* The same, kept apart from the text around it: a name in Arabic does not move the date after it.
 */
struct str label_apart(struct arena *arena, struct str text, size_t max);

/* Whether the text begins in a script that is written from right to left; what label_apart keeps
 * apart does not count. */
bool label_is_rtl(struct str text);

/* "in_progress" and "inProgress" as "In progress". */
struct str label_word(struct arena *arena, struct str word);
enum tone label_tone(struct str word);

struct str label_day(struct arena *arena, struct timestamp day); /* "5 Jan 2025", "–" when absent */
struct str label_long_day(struct arena *arena, struct timestamp day); /* "5 January 2025" */
struct str label_moment(struct arena *arena, struct timestamp t); /* "5 January 2025, 14:05 UTC" */
struct str label_month(struct arena *arena, struct month month);  /* "Jan 2025" */

struct str label_count(struct arena *arena, int64_t count);    /* "12,345" */
struct str label_number(struct arena *arena, double number);   /* "12,345.68", "–" for NaN */
struct str label_short(struct arena *arena, double number);    /* "12.3k": where room is scarce */
struct str label_score(struct arena *arena, double score);     /* "78.5", "78.55", "80.0" */
struct str label_percent(struct arena *arena, double percent); /* "62.53%", "62%", "–" for NaN */
/* "1 goal", "1,200 goals" */
struct str label_counted(struct arena *arena, int64_t count, const char *one, const char *many);

#endif
