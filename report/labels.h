/* Text from people in the report: cleaned, kept apart, and what its words mean. */
#ifndef TRACTION_LABELS_H
#define TRACTION_LABELS_H

#include "arena.h"
#include "sink.h"
#include "str.h"

/* Sanitizes text from people: control characters and line ends become one space, characters that
 * no XML may hold and marks that turn the writing direction of what follows are left out, and what
 * is longer than `max` characters ends in "…". Absent becomes empty. */
struct str label_clean(struct arena *arena, struct str text, size_t max);
/* The same, kept apart from the text around it: a name in Arabic does not move the date after it.
 * `rtl`: that text is written from right to left. Where both go the same way, nothing is added. */
struct str label_apart(struct arena *arena, struct str text, size_t max, bool rtl);

/* Whether the text begins in a script that is written from right to left; what label_apart keeps
 * apart does not count. `otherwise`: of a text without letters, such as a number. */
bool label_is_rtl(struct str text, bool otherwise);

/* "in_progress" and "inProgress" as "In progress". */
struct str label_word(struct arena *arena, struct str word);
/* What a word of the data means: by the word as it is stored, not as it is shown. */
enum tone label_tone(struct str word);

#endif
