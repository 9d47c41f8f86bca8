/* Lines of plain text: Latin letters of one font, from left to right. Most of a report is made of
 * them, and they need none of a layout's work (directions, breaks, other fonts), so they are shaped
 * alone, once, and kept. A line looks as a layout of its text would. */
#ifndef TRACTION_PLAIN_LINE_H
#define TRACTION_PLAIN_LINE_H

#include <pango/pangocairo.h>

#include "str.h"

struct plain_lines; /* those that are kept; one owner */
struct plain_line;  /* has references */

/* `fonts` describes `count` fonts, of which lines say the index. The context's direction is from
 * left to right. */
struct plain_lines *plain_lines_new(PangoContext *context, PangoFontDescription *const *fonts,
                                    int count);
void plain_lines_destroy(struct plain_lines **lines);

/* A reference of the caller's; NULL: the text is not that plain, and needs a layout. */
struct plain_line *plain_lines_get(struct plain_lines *lines, int font, struct str text);
/* Gives the reference back, if there is one. */
void plain_line_clear(struct plain_line **line);

int plain_line_width(const struct plain_line *line); /* Pango units */
/* Draws it; its base line begins at (x, y). */
void plain_line_show(const struct plain_line *line, cairo_t *cr, double x, double y);

#endif
