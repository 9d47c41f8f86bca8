/* Text on a cairo context through pango. Decides type and colours, not where things go. */
#include "canvas.h"

#include <assert.h>
#include <pango/pangocairo.h>
#include <stdlib.h>

const struct colour ink = {0.11, 0.15, 0.20}, muted = {0.40, 0.45, 0.51},
                    rule_colour = {0.84, 0.86, 0.89}, panel = {0.955, 0.962, 0.97},
                    navy = {0.11, 0.22, 0.37}, teal = {0.22, 0.45, 0.58},
                    green = {0.22, 0.49, 0.35}, amber = {0.70, 0.45, 0.10},
                    red = {0.66, 0.20, 0.20}, white = {1, 1, 1};
static const struct colour pale = {0.66, 0.71, 0.77};

/* Noto for every script it has, WenQuanYi for Chinese, Japanese and Korean; then whatever there is.
 */
#define FAMILIES \
    "Noto Sans, Noto Sans Arabic, Noto Sans Hebrew, WenQuanYi Micro Hei, DejaVu Sans, sans-serif"

static const struct {
    double size; /* points */
    PangoWeight weight;
} styles[STYLES] = {
    [STYLE_COVER] = {32, PANGO_WEIGHT_BOLD},     [STYLE_CHAPTER] = {21, PANGO_WEIGHT_BOLD},
    [STYLE_HEADING] = {12.5, PANGO_WEIGHT_BOLD}, [STYLE_LEAD] = {11.5, PANGO_WEIGHT_NORMAL},
    [STYLE_BODY] = {9.5, PANGO_WEIGHT_NORMAL},   [STYLE_STRONG] = {10.5, PANGO_WEIGHT_BOLD},
    [STYLE_CELL] = {8.5, PANGO_WEIGHT_NORMAL},   [STYLE_CELL_STRONG] = {8.5, PANGO_WEIGHT_BOLD},
    [STYLE_LABEL] = {7.5, PANGO_WEIGHT_NORMAL},  [STYLE_SMALL] = {8, PANGO_WEIGHT_NORMAL},
    [STYLE_FIGURE] = {21, PANGO_WEIGHT_BOLD},
};

struct canvas {
    cairo_t *cr; /* borrowed */
    PangoContext *context;
    PangoLayout *slots[CANVAS_SLOTS];
    PangoFontDescription *fonts[STYLES];
    double lines[STYLES]; /* heights of one line */
};

const struct colour *tone_text(enum tone tone)
{
    switch (tone) {
    case TONE_QUIET:
        return &muted;
    case TONE_GOOD:
        return &green;
    case TONE_NOTICE:
        return &amber;
    case TONE_BAD:
        return &red;
    case TONE_PLAIN:
        break;
    }
    return &ink;
}

const struct colour *tone_fill(enum tone tone)
{
    switch (tone) {
    case TONE_PLAIN:
        return &teal;
    case TONE_QUIET:
        return &pale;
    case TONE_GOOD:
    case TONE_NOTICE:
    case TONE_BAD:
        break;
    }
    return tone_text(tone);
}

/* Outlines are placed by their ideal widths: print has no pixels to round to. */
static PangoContext *make_context(cairo_t *cr)
{
    PangoContext *context = pango_cairo_create_context(cr);
    cairo_font_options_t *options = cairo_font_options_create();

    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY);
    pango_cairo_context_set_font_options(context, options);
    pango_context_set_round_glyph_positions(context, FALSE);
    pango_context_set_language(context, pango_language_from_string("en"));
    cairo_font_options_destroy(options);
    return context;
}

struct canvas *canvas_new(cairo_t *cr)
{
    struct canvas *canvas = calloc(1, sizeof *canvas);
    PangoAttrList *attributes = pango_attr_list_new();

    assert(canvas != NULL);
    canvas->cr = cr;
    canvas->context = make_context(cr);
    /* A word too long for its line is most often a code or an address: no hyphen belongs there. */
    pango_attr_list_insert(attributes, pango_attr_insert_hyphens_new(FALSE));
    for (int i = 0; i < CANVAS_SLOTS; i++) {
        canvas->slots[i] = pango_layout_new(canvas->context);
        pango_layout_set_wrap(canvas->slots[i], PANGO_WRAP_WORD_CHAR);
        pango_layout_set_single_paragraph_mode(canvas->slots[i], TRUE);
        pango_layout_set_attributes(canvas->slots[i], attributes);
    }
    pango_attr_list_unref(attributes);
    for (int i = 0; i < STYLES; i++) {
        canvas->fonts[i] = pango_font_description_from_string(FAMILIES);
        pango_font_description_set_absolute_size(canvas->fonts[i], styles[i].size * PANGO_SCALE);
        pango_font_description_set_weight(canvas->fonts[i], styles[i].weight);
    }
    for (int i = 0; i < STYLES; i++)
        canvas->lines[i] = canvas_lay(canvas, 0, (enum style)i, STR("Hg"), 500, ALIGN_START, 1);
    return canvas;
}

void canvas_destroy(struct canvas **canvas)
{
    if (*canvas == NULL)
        return;
    for (int i = 0; i < CANVAS_SLOTS; i++)
        g_object_unref((*canvas)->slots[i]);
    for (int i = 0; i < STYLES; i++)
        pango_font_description_free((*canvas)->fonts[i]);
    g_object_unref((*canvas)->context);
    free(*canvas);
    *canvas = NULL;
}

cairo_t *canvas_cairo(struct canvas *canvas)
{
    return canvas->cr;
}

double canvas_lay(struct canvas *canvas, int slot, enum style style, struct str text, double width,
                  enum align align, int lines)
{
    static const PangoAlignment alignments[] = {PANGO_ALIGN_LEFT, PANGO_ALIGN_CENTER,
                                                PANGO_ALIGN_RIGHT};
    assert(slot >= 0 && slot < CANVAS_SLOTS);
    PangoLayout *layout = canvas->slots[slot];
    PangoRectangle logical;

    pango_layout_set_font_description(layout, canvas->fonts[style]);
    pango_layout_set_width(layout, (int)(width * PANGO_SCALE));
    pango_layout_set_alignment(layout, alignments[align]);
    pango_layout_set_height(layout, -lines);
    pango_layout_set_ellipsize(layout, PANGO_ELLIPSIZE_END);
    pango_layout_set_text(layout, text.data ? text.data : "", (int)text.size);
    pango_layout_get_extents(layout, NULL, &logical);
    return (double)logical.height / PANGO_SCALE;
}

/* The width that the slot's text really takes. */
static double width_of(struct canvas *canvas, int slot)
{
    PangoRectangle logical;

    pango_layout_get_extents(canvas->slots[slot], NULL, &logical);
    return (double)logical.width / PANGO_SCALE;
}

void canvas_put(struct canvas *canvas, int slot, double x, double y, const struct colour *colour)
{
    canvas_colour(canvas, colour);
    cairo_move_to(canvas->cr, x, y);
    pango_cairo_show_layout(canvas->cr, canvas->slots[slot]);
}

/* NOLINTNEXTLINE(readability-function-size): what a label is, and nothing to group. */
double canvas_label(struct canvas *canvas, enum style style, struct str text, double x, double y,
                    double width, enum align align, const struct colour *colour)
{
    int slot = CANVAS_SLOTS - 1;
    double left = align == ALIGN_START ? x : align == ALIGN_CENTRE ? x - width / 2 : x - width;

    canvas_lay(canvas, slot, style, text, width, align, 1);
    canvas_put(canvas, slot, left, y, colour);
    return width_of(canvas, slot);
}

double canvas_line(struct canvas *canvas, enum style style)
{
    return canvas->lines[style];
}

void canvas_colour(struct canvas *canvas, const struct colour *colour)
{
    cairo_set_source_rgb(canvas->cr, colour->red, colour->green, colour->blue);
}

void canvas_box(struct canvas *canvas, double x, double y, double width, double height,
                const struct colour *colour)
{
    canvas_colour(canvas, colour);
    cairo_rectangle(canvas->cr, x, y, width, height);
    cairo_fill(canvas->cr);
}

void canvas_rule(struct canvas *canvas, double x, double y, double width,
                 const struct colour *colour)
{
    canvas_colour(canvas, colour);
    cairo_set_line_width(canvas->cr, 0.6);
    cairo_move_to(canvas->cr, x, y);
    cairo_line_to(canvas->cr, x + width, y);
    cairo_stroke(canvas->cr);
}
