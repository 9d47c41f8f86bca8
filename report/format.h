/* Values as a report's language writes them: days (UTC), numbers, words, and texts that values are
 * put into. The same in every file format. */
#ifndef TRACTION_FORMAT_H
#define TRACTION_FORMAT_H

#include "arena.h"
#include "locale.h"
#include "model.h"
#include "sink.h"

struct format {
    struct arena *arena; /* of what is answered */
    const struct locale *locale;
};

/* The fixed text, with the arguments in place of {1}, {2}, ...: FILL(f, TEXT_PAGE_OF, one, two). */
#define FILL(f, text, ...)                                                                \
    format_fill((f), locale_text((f)->locale, (text)), (const struct str[]){__VA_ARGS__}, \
                sizeof((const struct str[]){__VA_ARGS__}) / sizeof(struct str))
struct str format_fill(const struct format *f, struct str pattern, const struct str *values,
                       size_t count);

/* A word of the data: from words.def, else as it is with its first letter large, as "in_progress"
 * is "In progress". */
struct str format_word(const struct format *f, struct str word);

struct str format_day(const struct format *f, struct timestamp day); /* "5 Jan 2025"; "–": none */
struct str format_long_day(const struct format *f, struct timestamp day); /* "5 January 2025" */
struct str format_moment(const struct format *f, struct timestamp t);     /* "..., 14:05 UTC" */
struct str format_month(const struct format *f, struct month month);      /* "Jan 2025" */

struct str format_count(const struct format *f, int64_t count);  /* "12,345"; "–": none */
struct str format_number(const struct format *f, double number); /* "12,345.68", "–" for NaN */
struct str format_short(const struct format *f, double number);  /* "12.3k": where room is scarce */
/* A mark of an axis: with as many digits as tell marks that are `step` apart, in thousands,
 * millions, ... when the largest of the axis (`size`) is large. */
struct str format_tick(const struct format *f, double value, double size, double step);
struct str format_score(const struct format *f, double score);     /* "78.5", "78.55", "80.0" */
struct str format_percent(const struct format *f, double percent); /* "62.53%", "62%", "–" */
/* With its sign, one decimal: "+4.2%", "−14.3%", "0%". */
struct str format_change(const struct format *f, double percent);
/* A value and its unit, which is cleaned: "4.5 days", "60%", "–" for NaN. */
struct str format_value(const struct format *f, double value, struct str unit);

/* "Goals by status: Draft 2, Active 9" */
struct str format_bars(const struct format *f, const struct bars *bars);

#endif
