/* Text that people see, as Unicode has it: white space, what can be seen, and the normal form. All
 * of it is about valid UTF-8. What is equal without regard to case is decided by the database alone
 * (text_key in the services' migrations). */
#ifndef TRACTION_TEXT_H
#define TRACTION_TEXT_H

#include <stdbool.h>

#include "arena.h"
#include "str.h"

/* Without white space at its ends: a part of `text`. The zero width space and the byte order mark
 * count as white space. */
struct str text_trimmed(struct str text);

/* Whether it has a visible character: not white space, controls, combining marks without a base
 * letter, and characters without a glyph (joiners, fillers, variation selectors, blank Braille). */
bool text_is_visible(struct str text);

/* The text without case, white space, '_' and '-': equal for two spellings of a name that enums
 * would also take as equal. In the arena. */
struct str text_spelling(struct arena *arena, struct str text);

/* In normalization form C: `text` itself where it is known to be, else a copy in the arena. */
struct str text_normalized(struct arena *arena, struct str text);

#endif
