/* Text on a cairo context through pango. Decides type, not where things go. */
#include "canvas.h"

#include <assert.h>
#include <pango/pangocairo.h>
#include <stdio.h>
#include <stdlib.h>

#include "labels.h"
#include "plain_line.h"

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
    [STYLE_FIGURE] = {19, PANGO_WEIGHT_BOLD},
};

enum { LEFT_TO_RIGHT, RIGHT_TO_LEFT, DIRECTIONS };

/* A report draws what it has measured before, and says many texts again: layouts of texts that are
 * no plain line are kept, too, until they take too much memory. */
enum {
    KEPT_MAX = 32 << 20, /* bytes, estimated: so many for a layout, and for a byte of its text */
    LAYOUT_SIZE = 2048,
    LAYOUT_SIZE_OF_BYTE = 40,
    KEPT_TEXT_MAX = 1000, /* bytes */
};

/* What is laid in it is a line or a layout, or nothing yet: then both are NULL. */
struct slot {
    struct plain_line *line;
    PangoLayout *layout; /* one reference */
    enum style style;
    PangoAlignment alignment;
    double width; /* in which it is laid */
};

struct canvas {
    cairo_t *cr; /* borrowed */
    const struct locale *locale;
    double mirror; /* the width in which everything is mirrored; 0: nothing is */
    PangoContext *contexts[DIRECTIONS]; /* a layout's direction is its context's */
    PangoAttrList *attributes;
    struct plain_lines *lines_kept;
    GHashTable *kept; /* layouts by all that they depend on */
    size_t kept_size;
    struct slot slots[CANVAS_SLOTS];
    PangoFontDescription *fonts[STYLES];
    double lines[STYLES];     /* heights of one line of Latin text */
    double baselines[STYLES]; /* from its top */
};

/* Outlines are placed by their ideal widths: print has no pixels to round to. */
static PangoContext *make_context(cairo_t *cr, const struct locale *locale, int direction)
{
    PangoContext *context = pango_cairo_create_context(cr);
    cairo_font_options_t *options = cairo_font_options_create();

    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY);
    pango_cairo_context_set_font_options(context, options);
    pango_context_set_round_glyph_positions(context, FALSE);
    pango_context_set_language(context, pango_language_from_string(locale->tag));
    pango_context_set_base_dir(context, direction == RIGHT_TO_LEFT ? PANGO_DIRECTION_RTL
                                                                   : PANGO_DIRECTION_LTR);
    cairo_font_options_destroy(options);
    return context;
}

/* What a text becomes by. */
struct lay {
    enum style style;
    int direction;
    PangoAlignment alignment;
    int width; /* Pango units */
    int lines; /* at most */
    struct str text;
};

static PangoLayout *make_layout(const struct canvas *canvas, const struct lay *lay)
{
    PangoLayout *layout = pango_layout_new(canvas->contexts[lay->direction]);

    pango_layout_set_auto_dir(layout, FALSE); /* left is left in either direction */
    pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
    pango_layout_set_single_paragraph_mode(layout, TRUE);
    pango_layout_set_attributes(layout, canvas->attributes);
    pango_layout_set_font_description(layout, canvas->fonts[lay->style]);
    pango_layout_set_width(layout, lay->width);
    pango_layout_set_alignment(layout, lay->alignment);
    pango_layout_set_height(layout, -lay->lines);
    pango_layout_set_ellipsize(layout, PANGO_ELLIPSIZE_END);
    pango_layout_set_text(layout, lay->text.data ? lay->text.data : "", (int)lay->text.size);
    return layout;
}

/* A reference of the caller's. */
static PangoLayout *kept_layout(struct canvas *canvas, const struct lay *lay)
{
    char key[KEPT_TEXT_MAX + 64];
    PangoLayout *layout;

    snprintf(key, sizeof key, "%d %d %d %d %d " STR_FMT, lay->style, lay->direction,
             (int)lay->alignment, lay->width, lay->lines, STR_ARG(lay->text));
    layout = g_hash_table_lookup(canvas->kept, key);
    if (layout == NULL) {
        size_t size = LAYOUT_SIZE + LAYOUT_SIZE_OF_BYTE * lay->text.size;

        if (canvas->kept_size + size > KEPT_MAX) {
            g_hash_table_remove_all(canvas->kept);
            canvas->kept_size = 0;
        }
        canvas->kept_size += size;
        layout = make_layout(canvas, lay);
        g_hash_table_insert(canvas->kept, g_strdup(key), layout);
    }
    return g_object_ref(layout);
}

static void make_attributes(struct canvas *canvas)
{
    canvas->attributes = pango_attr_list_new();
    /* A word too long for its line is most often a code or an address: no hyphen belongs there. */
    pango_attr_list_insert(canvas->attributes, pango_attr_insert_hyphens_new(FALSE));
}

static void measure_styles(struct canvas *canvas)
{
    for (enum style i = 0; i < STYLES; i++) {
        PangoLayout *layout = make_layout(
            canvas, &(struct lay){.style = i, .width = -1, .lines = 1, .text = STR("Hg")});
        PangoRectangle logical;

        pango_layout_get_extents(layout, NULL, &logical);
        canvas->lines[i] = (double)logical.height / PANGO_SCALE;
        canvas->baselines[i] = (double)pango_layout_get_baseline(layout) / PANGO_SCALE;
        g_object_unref(layout);
    }
}

struct canvas *canvas_new(cairo_t *cr, const struct locale *locale)
{
    struct canvas *canvas = calloc(1, sizeof *canvas);

    assert(canvas != NULL);
    canvas->cr = cr;
    canvas->locale = locale;
    for (int i = 0; i < DIRECTIONS; i++)
        canvas->contexts[i] = make_context(cr, locale, i);
    make_attributes(canvas);
    canvas->kept = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_object_unref);
    for (int i = 0; i < STYLES; i++) {
        canvas->fonts[i] = pango_font_description_from_string(FAMILIES);
        pango_font_description_set_absolute_size(canvas->fonts[i], styles[i].size * PANGO_SCALE);
        pango_font_description_set_weight(canvas->fonts[i], styles[i].weight);
    }
    canvas->lines_kept =
        plain_lines_new(canvas->contexts[LEFT_TO_RIGHT], canvas->fonts, (int)STYLES);
    measure_styles(canvas);
    return canvas;
}

static void clear_slot(struct slot *slot)
{
    plain_line_clear(&slot->line);
    g_clear_object(&slot->layout);
}

void canvas_destroy(struct canvas **canvas)
{
    if (*canvas == NULL)
        return;
    for (int i = 0; i < CANVAS_SLOTS; i++)
        clear_slot(&(*canvas)->slots[i]);
    plain_lines_destroy(&(*canvas)->lines_kept);
    g_hash_table_destroy((*canvas)->kept);
    pango_attr_list_unref((*canvas)->attributes);
    for (int direction = 0; direction < DIRECTIONS; direction++)
        g_object_unref((*canvas)->contexts[direction]);
    for (int i = 0; i < STYLES; i++)
        pango_font_description_free((*canvas)->fonts[i]);
    free(*canvas);
    *canvas = NULL;
}

const struct locale *canvas_locale(const struct canvas *canvas)
{
    return canvas->locale;
}

void canvas_mirror(struct canvas *canvas, double width)
{
    canvas->mirror = canvas->locale->rtl ? width : 0;
}

double canvas_x(const struct canvas *canvas, double x, double width)
{
    return canvas->mirror > 0 ? canvas->mirror - x - width : x;
}

cairo_t *canvas_cairo(struct canvas *canvas)
{
    return canvas->cr;
}

/* The side at which lines begin and end follows the document, not the text. */
static PangoAlignment alignment(const struct canvas *canvas, enum align align)
{
    if (align == ALIGN_CENTRE)
        return PANGO_ALIGN_CENTER;
    return (align == ALIGN_START) == canvas->locale->rtl ? PANGO_ALIGN_RIGHT : PANGO_ALIGN_LEFT;
}

/* A plain text that fits is a line; all else is a layout. */
static void lay_in(struct canvas *canvas, struct slot *slot, const struct lay *lay)
{
    if (lay->direction == LEFT_TO_RIGHT)
        slot->line = plain_lines_get(canvas->lines_kept, (int)lay->style, lay->text);
    if (slot->line && plain_line_width(slot->line) <= lay->width)
        return;
    plain_line_clear(&slot->line);
    slot->layout =
        lay->text.size <= KEPT_TEXT_MAX ? kept_layout(canvas, lay) : make_layout(canvas, lay);
}

double canvas_lay(struct canvas *canvas, int slot, enum style style, struct str text, double width,
                  enum align align, int lines)
{
    assert(slot >= 0 && slot < CANVAS_SLOTS);
    struct slot *into = &canvas->slots[slot];
    struct lay lay = {.style = style,
                      .direction =
                          label_is_rtl(text, canvas->locale->rtl) ? RIGHT_TO_LEFT : LEFT_TO_RIGHT,
                      .alignment = alignment(canvas, align),
                      .width = (int)(width * PANGO_SCALE),
                      .lines = lines,
                      .text = text};
    PangoRectangle logical;

    clear_slot(into);
    into->width = width;
    into->style = style;
    into->alignment = lay.alignment;
    lay_in(canvas, into, &lay);
    if (into->line)
        return canvas->lines[style];
    pango_layout_get_extents(into->layout, NULL, &logical);
    /* Fonts of some scripts claim more room above and below than their letters take: the first line
     * counts as one of Latin text, on whose base line it stands. */
    int count = pango_layout_get_line_count(into->layout);
    return canvas->lines[style] + (double)logical.height / PANGO_SCALE * (count - 1) / count;
}

double canvas_width(struct canvas *canvas, int slot)
{
    PangoRectangle logical;

    if (canvas->slots[slot].line)
        return (double)plain_line_width(canvas->slots[slot].line) / PANGO_SCALE;
    pango_layout_get_extents(canvas->slots[slot].layout, NULL, &logical);
    return (double)logical.width / PANGO_SCALE;
}

/* How far a line begins from the left, as in a layout. */
static double line_offset(const struct slot *slot)
{
    int rest = (int)(slot->width * PANGO_SCALE) - plain_line_width(slot->line);

    if (slot->alignment == PANGO_ALIGN_LEFT)
        return 0;
    return (double)(slot->alignment == PANGO_ALIGN_CENTER ? rest / 2 : rest) / PANGO_SCALE;
}

void canvas_put(struct canvas *canvas, int slot, double x, double y, const struct colour *colour)
{
    const struct slot *from = &canvas->slots[slot];
    double left = canvas_x(canvas, x, from->width), baseline = canvas->baselines[from->style];

    canvas_colour(canvas, colour);
    if (from->line) {
        plain_line_show(from->line, canvas->cr, left + line_offset(from), y + baseline);
        return;
    }
    double rise = baseline - (double)pango_layout_get_baseline(from->layout) / PANGO_SCALE;

    cairo_move_to(canvas->cr, left, y + rise);
    pango_cairo_show_layout(canvas->cr, from->layout);
}

/* NOLINTNEXTLINE(readability-function-size): what a label is, and nothing to group. */
double canvas_label(struct canvas *canvas, enum style style, struct str text, double x, double y,
                    double width, enum align align, const struct colour *colour)
{
    int slot = CANVAS_SLOTS - 1;
    double left = align == ALIGN_START ? x : align == ALIGN_CENTRE ? x - width / 2 : x - width;

    canvas_lay(canvas, slot, style, text, width, align, 1);
    canvas_put(canvas, slot, left, y, colour);
    return canvas_width(canvas, slot);
}

double canvas_text_width(struct canvas *canvas, enum style style, struct str text)
{
    canvas_lay(canvas, CANVAS_SLOTS - 1, style, text, 10000, ALIGN_START, 1);
    return canvas_width(canvas, CANVAS_SLOTS - 1);
}

void canvas_tag(struct canvas *canvas, const char *tag)
{
    cairo_tag_begin(canvas->cr, tag, NULL);
}

void canvas_untag(struct canvas *canvas, const char *tag)
{
    cairo_tag_end(canvas->cr, tag);
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
    cairo_rectangle(canvas->cr, canvas_x(canvas, x, width), y, width, height);
    cairo_fill(canvas->cr);
}

void canvas_rule(struct canvas *canvas, double x, double y, double width,
                 const struct colour *colour)
{
    canvas_colour(canvas, colour);
    cairo_set_line_width(canvas->cr, 0.6);
    cairo_move_to(canvas->cr, canvas_x(canvas, x, width), y);
    cairo_rel_line_to(canvas->cr, width, 0);
    cairo_stroke(canvas->cr);
}
