/* Text on a cairo context: the report's type scale, and pango behind it. One owner;
 * knows nothing of pages. Lengths are points (1/72 inch). */
#ifndef TRACTION_CANVAS_H
#define TRACTION_CANVAS_H

#include <cairo.h>

#include "colour.h"
#include "locale.h"
#include "str.h"

#define PI 3.14159265358979323846 /* no C standard names it */

enum style {
    STYLE_COVER,   /* the organisation on the cover */
    STYLE_CHAPTER, /* "Goals" */
    STYLE_HEADING,
    STYLE_LEAD,
    STYLE_BODY,
    STYLE_STRONG, /* titles of goals and KPIs */
    STYLE_CELL,
    STYLE_CELL_STRONG,
    STYLE_LABEL, /* column titles, labels in charts */
    STYLE_SMALL, /* small print */
    STYLE_FIGURE,
    STYLES,
};

enum align { ALIGN_START, ALIGN_CENTRE, ALIGN_END };

/* Text may lie in several slots at once: laid (and measured) first, put on the page later. */
enum { CANVAS_SLOTS = 8 };

struct canvas; /* of one cairo context */

struct canvas *canvas_new(cairo_t *cr, const struct locale *locale);
void canvas_destroy(struct canvas **canvas);
cairo_t *canvas_cairo(struct canvas *canvas);
const struct locale *canvas_locale(const struct canvas *canvas);

/* Lengths are counted from the side at which the language's lines begin. What is drawn from right
 * to left is mirrored within this width, which has to be told before anything is drawn. */
void canvas_mirror(struct canvas *canvas, double width);
/* Where cairo has to draw what begins at x and is so wide; for those who draw by themselves. */
double canvas_x(const struct canvas *canvas, double x, double width);

/* Breaks `text` into lines of `width`, also within words, at most `lines`; the last then ends in
 * "…". Answers the height. */
double canvas_lay(struct canvas *canvas, int slot, enum style style, struct str text, double width,
                  enum align align, int lines);
/* The width that the slot's text really takes. */
double canvas_width(struct canvas *canvas, int slot);
/* Draws the slot's text with its upper left corner at (x, y). */
void canvas_put(struct canvas *canvas, int slot, double x, double y, const struct colour *colour);

/* One line, cut with "…" beyond `width`; (x, y) is its upper start, middle or end corner by
 * `align`. Answers its width. Uses the last slot. */
double canvas_label(struct canvas *canvas, enum style style, struct str text, double x, double y,
                    double width, enum align align, const struct colour *colour);
/* The width of the text in one line. Uses the last slot. */
double canvas_text_width(struct canvas *canvas, enum style style, struct str text);
/* What is drawn between the two is a paragraph, heading, cell, ... for programs that read a PDF
 * aloud: "P", "H1", "TD", "Figure". On other surfaces they do nothing. They nest, on one page. */
void canvas_tag(struct canvas *canvas, const char *tag);
void canvas_untag(struct canvas *canvas, const char *tag);
/* The height of one line of Latin text. */
double canvas_line(struct canvas *canvas, enum style style);

void canvas_colour(struct canvas *canvas, const struct colour *colour);
void canvas_box(struct canvas *canvas, double x, double y, double width, double height,
                const struct colour *colour);
void canvas_rule(struct canvas *canvas, double x, double y, double width,
                 const struct colour *colour);

#endif
