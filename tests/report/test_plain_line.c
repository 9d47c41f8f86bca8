/* Plain lines look as a layout of the same text does, and texts that need a layout are none. */
#include "plain_line.h"

#include <string.h>

#include "canvas.h"
#include "suite.h"

/* Dots for each point, so that a difference of a fraction of a point is seen. */
enum { WIDTH = 260, HEIGHT = 24, SCALE = 8 };

static cairo_surface_t *new_surface(void)
{
    return cairo_image_surface_create(CAIRO_FORMAT_A8, WIDTH * SCALE, HEIGHT * SCALE);
}

/* A picture that is drawn again and again. */
struct easel {
    cairo_surface_t *surface;
    cairo_t *cr;
    struct canvas *canvas;
    double width; /* of the text that was drawn last */
};

static void open_easel(struct easel *easel)
{
    easel->surface = new_surface();
    easel->cr = cairo_create(easel->surface);
    easel->canvas = canvas_new(easel->cr, locale_of(REPORT_EN));
    cairo_scale(easel->cr, SCALE, SCALE);
}

static void close_easel(struct easel *easel)
{
    canvas_destroy(&easel->canvas);
    cairo_destroy(easel->cr);
    cairo_surface_destroy(easel->surface);
}

static void draw_text(struct easel *easel, struct str text, enum style style, enum align align)
{
    static const double edges[] = {
        [ALIGN_START] = 2, [ALIGN_CENTRE] = WIDTH / 2, [ALIGN_END] = WIDTH - 2};

    cairo_set_operator(easel->cr, CAIRO_OPERATOR_CLEAR);
    cairo_paint(easel->cr);
    cairo_set_operator(easel->cr, CAIRO_OPERATOR_OVER);
    easel->width =
        canvas_label(easel->canvas, style, text, edges[align], 2, WIDTH - 4, align, &ink);
    cairo_surface_flush(easel->surface);
}

static size_t picture_size(const struct easel *easel)
{
    return (size_t)cairo_image_surface_get_stride(easel->surface) * HEIGHT * SCALE;
}

static bool is_blank(const struct easel *easel)
{
    const unsigned char *data = cairo_image_surface_get_data(easel->surface);
    size_t at = 0;

    while (at < picture_size(easel) && data[at] == 0)
        at++;
    return at == picture_size(easel);
}

struct easels {
    struct easel line, layout;
    struct arena *arena;
};

static void open_easels(struct easels *easels)
{
    open_easel(&easels->line);
    open_easel(&easels->layout);
    easels->arena = arena_new();
}

static void close_easels(struct easels *easels)
{
    close_easel(&easels->line);
    close_easel(&easels->layout);
    arena_destroy(&easels->arena);
}

/* Marks that keep a text apart draw nothing, but need a layout. */
static void ck_as_layout(struct easels *easels, const char *text, enum style style,
                         enum align align)
{
    struct easel *line = &easels->line, *layout = &easels->layout;

    draw_text(line, str_of(text), style, align);
    draw_text(layout, arena_printf(easels->arena, "\u2068%s\u2069", text), style, align);
    ck_assert_msg(line->width == layout->width, "%s: %g points instead of %g", text, line->width,
                  layout->width);
    ck_assert_msg(line->width > 0 && line->width < WIDTH - 4, "%s is too wide", text);
    ck_assert_msg(!is_blank(line), "%s: nothing is drawn", text);
    ck_assert_msg(memcmp(cairo_image_surface_get_data(line->surface),
                         cairo_image_surface_get_data(layout->surface), picture_size(line)) == 0,
                  "%s: another picture", text);
}

static const char *const plain[] = {
    "Goal number 17 with a title",
    "AVATAR To. Ty, LT \u201CWave\u201D P.",
    "office affluent fjord fi ffl",
    "1,234.50 (17%) 2025-01-31 #7 *",
    "\u2013",
    "Größe · Łódź · œuvre — 62,5\u00A0%",
    "1\u202F234\u202F567,89 €",
    "Ņo\u2019s “ñandú”…",
    "a",
};

START_TEST(lines_look_as_layouts)
{
    static const enum style looks[] = {STYLE_CELL, STYLE_CELL_STRONG, STYLE_LABEL, STYLE_STRONG};
    struct easels easels;

    open_easels(&easels);
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
        for (size_t n = 0; n < sizeof looks / sizeof *looks; n++)
            for (enum align align = ALIGN_START; align <= ALIGN_END; align++)
                ck_as_layout(&easels, plain[i], looks[n], align);
    close_easels(&easels);
}
END_TEST

/* Every pair of letters and signs, since fonts move some of them together. */
START_TEST(pairs_look_as_layouts)
{
    enum { PAIRS = 14 };
    struct easels easels;

    open_easels(&easels);
    for (char first = '!'; first <= '~'; first++)
        for (char second = '!'; second <= '~';) {
            char text[2 * PAIRS + 1] = "";

            for (size_t size = 0; second <= '~' && size < (size_t)2 * PAIRS; second++) {
                text[size++] = first;
                text[size++] = second;
            }
            ck_as_layout(&easels, text, STYLE_LABEL, ALIGN_START);
        }
    close_easels(&easels);
}
END_TEST

struct fonts {
    cairo_surface_t *surface;
    cairo_t *cr;
    PangoContext *context;
    PangoFontDescription *description;
    struct plain_lines *lines;
};

static void open_fonts(struct fonts *fonts)
{
    fonts->surface = new_surface();
    fonts->cr = cairo_create(fonts->surface);
    fonts->context = pango_cairo_create_context(fonts->cr);
    fonts->description = pango_font_description_from_string("Noto Sans 10");
    fonts->lines = plain_lines_new(fonts->context, &fonts->description, 1);
}

static void close_fonts(struct fonts *fonts)
{
    plain_lines_destroy(&fonts->lines);
    pango_font_description_free(fonts->description);
    g_object_unref(fonts->context);
    cairo_destroy(fonts->cr);
    cairo_surface_destroy(fonts->surface);
}

/* Other directions, other fonts, marks that join, what shapes by its neighbours, what is invisible.
 */
START_TEST(other_texts_need_a_layout)
{
    static const char *const others[] = {
        "",           "زيادة",      "שביעות",        "abc زيادة",
        "cafe\u0301", "\U0001F600", "1\uFE0F\u20E3", "\u22125%",
        "提高",       "Ελλάδα",     "soft\u00ADly",  "a\u2068b\u2069",
        "a\u200Db",   "tab\t",      "สวัสดี",
    };
    struct fonts fonts;

    open_fonts(&fonts);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        ck_assert_msg(plain_lines_get(fonts.lines, 0, str_of(others[i])) == NULL, "%s", others[i]);
    close_fonts(&fonts);
}
END_TEST

/* Each text is shaped once, and what is held stays when there are too many to keep all. */
START_TEST(lines_are_kept)
{
    struct arena *arena = arena_new();
    struct fonts fonts;

    open_fonts(&fonts);
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++) {
        struct plain_line *one = plain_lines_get(fonts.lines, 0, str_of(plain[i]));
        struct plain_line *two = plain_lines_get(fonts.lines, 0, str_of(plain[i]));

        ck_assert_msg(one != NULL, "%s", plain[i]);
        ck_assert_ptr_eq(one, two);
        plain_line_clear(&one);
        plain_line_clear(&two);
    }
    struct plain_line *held = plain_lines_get(fonts.lines, 0, STR("held")), *again;
    int width = plain_line_width(held);

    for (int i = 0; i < 6000; i++) { /* of 3 KiB each */
        struct plain_line *line = plain_lines_get(fonts.lines, 0, arena_printf(arena, "%0100d", i));
        plain_line_clear(&line);
    }
    again = plain_lines_get(fonts.lines, 0, STR("held"));
    ck_assert_ptr_ne(held, again);
    ck_assert_int_eq(plain_line_width(held), width);
    ck_assert_int_eq(plain_line_width(again), width);
    plain_line_clear(&held);
    plain_line_clear(&again);
    close_fonts(&fonts);
    arena_destroy(&arena);
}
END_TEST

SUITE_MAIN("plain_line", lines_look_as_layouts, pairs_look_as_layouts, other_texts_need_a_layout,
           lines_are_kept)
