/* Plain lines through pango's shaping alone. Knows no width to fit in, and no colours. */
#include "plain_line.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { KEPT_MAX = 16 << 20, TEXT_MAX = 120 }; /* bytes */

/* A layout takes letters, and what stands among them, for a run of the Latin script. Digits and
 * signs without any letter have no script, and a font may set them in another way. */
enum { WITH_LETTERS, WITHOUT_LETTERS, KINDS };

struct plain_lines {
    PangoItem *(*items)[KINDS]; /* runs as a layout makes them, by font */
    int fonts;
    GHashTable *kept; /* by key */
    size_t kept_size; /* bytes */
};

struct plain_line {
    cairo_scaled_font_t *font; /* borrowed from an item's */
    cairo_glyph_t *glyphs;     /* the first at (0, 0) */
    cairo_text_cluster_t *clusters;
    int glyph_count, cluster_count;
    int width;
    char key[]; /* a byte for the font, and the text */
};

static size_t size_of(const struct plain_line *line)
{
    return sizeof *line + strlen(line->key) + 1 + (size_t)line->glyph_count * sizeof *line->glyphs +
           (size_t)line->cluster_count * sizeof *line->clusters;
}

static PangoItem *make_item(PangoContext *context, const PangoFontDescription *font,
                            const char *sample)
{
    PangoAttrList *attributes = pango_attr_list_new();

    pango_attr_list_insert(attributes, pango_attr_font_desc_new(font));
    GList *items = pango_itemize(context, sample, 0, (int)strlen(sample), attributes, NULL);
    PangoItem *item = items->data;

    g_list_free(items);
    pango_attr_list_unref(attributes);
    return item;
}

static void free_line(void *line)
{
    cairo_glyph_free(((struct plain_line *)line)->glyphs);
    cairo_text_cluster_free(((struct plain_line *)line)->clusters);
}

static void release_line(void *line)
{
    g_rc_box_release_full(line, free_line);
}

struct plain_lines *plain_lines_new(PangoContext *context, PangoFontDescription *const *fonts,
                                    int count)
{
    struct plain_lines *lines = calloc(1, sizeof *lines);

    assert(lines != NULL);
    lines->items = calloc((size_t)count, sizeof *lines->items);
    assert(lines->items != NULL);
    lines->fonts = count;
    for (int i = 0; i < count; i++) {
        lines->items[i][WITH_LETTERS] = make_item(context, fonts[i], "A");
        lines->items[i][WITHOUT_LETTERS] = make_item(context, fonts[i], "1");
    }
    lines->kept = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, release_line);
    return lines;
}

void plain_lines_destroy(struct plain_lines **lines)
{
    g_hash_table_destroy((*lines)->kept);
    for (int i = 0; i < (*lines)->fonts; i++)
        for (int kind = 0; kind < KINDS; kind++)
            pango_item_free((*lines)->items[i][kind]);
    free((*lines)->items);
    free(*lines);
    *lines = NULL;
}

static bool is_letter(gunichar c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           (c >= 0xC0 && c <= 0x17F && c != 0xD7 && c != 0xF7);
}

static bool is_sign(gunichar c)
{
    static const gunichar signs[] = {0xA0,   0xB7,   0x2013, 0x2014, 0x2018, 0x2019,
                                     0x201C, 0x201D, 0x201E, 0x2026, 0x202F, 0x20AC};

    if (c >= 0x20 && c < 0x7F)
        return true;
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
        if (c == signs[i])
            return true;
    return false;
}

/* The run that a layout would make of it; NULL: it would be another, or several. */
static const PangoItem *find_item(const struct plain_lines *lines, int font, const char *text)
{
    const PangoItem *const with = lines->items[font][WITH_LETTERS];
    bool letters = false;

    for (; *text; text = g_utf8_next_char(text)) {
        gunichar c = g_utf8_get_char(text);

        if (is_letter(c))
            letters = true;
        else if (!is_sign(c))
            return NULL;
        if (c >= 0x7F && !pango_font_has_char(with->analysis.font, c))
            return NULL;
    }
    return letters ? with : lines->items[font][WITHOUT_LETTERS];
}

/* One cluster for each character, but for ligatures: several bytes that are one glyph. */
static void set_glyphs(struct plain_line *line, const PangoGlyphString *shaped, int size)
{
    double x = 0;
    int count = shaped->num_glyphs;

    line->glyphs = cairo_glyph_allocate(count);
    line->clusters = cairo_text_cluster_allocate(count);
    for (int i = 0, next; i < count; i = next) {
        next = i;
        do {
            const PangoGlyphGeometry *place = &shaped->glyphs[next].geometry;

            line->glyphs[next].index = shaped->glyphs[next].glyph;
            line->glyphs[next].x = x + (double)place->x_offset / PANGO_SCALE;
            line->glyphs[next].y = (double)place->y_offset / PANGO_SCALE;
            x += (double)place->width / PANGO_SCALE;
            next++;
        } while (next < count && shaped->log_clusters[next] == shaped->log_clusters[i]);
        line->clusters[line->cluster_count].num_glyphs = next - i;
        line->clusters[line->cluster_count++].num_bytes =
            (next < count ? shaped->log_clusters[next] : size) - shaped->log_clusters[i];
    }
    line->glyph_count = count;
}

static struct plain_line *make_line(const struct plain_lines *lines, int font, const char *key)
{
    const char *text = key + 1;
    int size = (int)strlen(text);
    const PangoItem *item = find_item(lines, font, text);

    if (item == NULL)
        return NULL;
    PangoGlyphString *shaped = pango_glyph_string_new();
    struct plain_line *line = g_rc_box_alloc0(sizeof *line + (size_t)size + 2);

    pango_shape(text, size, &item->analysis, shaped);
    line->font = pango_cairo_font_get_scaled_font(PANGO_CAIRO_FONT(item->analysis.font));
    line->width = pango_glyph_string_get_width(shaped);
    set_glyphs(line, shaped, size);
    memcpy(line->key, key, (size_t)size + 2);
    pango_glyph_string_free(shaped);
    return line;
}

struct plain_line *plain_lines_get(struct plain_lines *lines, int font, struct str text)
{
    char key[TEXT_MAX + 2];

    if (text.size == 0 || text.size > TEXT_MAX)
        return NULL;
    key[0] = (char)('A' + font);
    memcpy(key + 1, text.data, text.size);
    key[text.size + 1] = '\0';
    struct plain_line *line = g_hash_table_lookup(lines->kept, key);
    if (line == NULL) {
        line = make_line(lines, font, key);
        if (line == NULL)
            return NULL;
        size_t size = size_of(line);
        if (lines->kept_size + size > KEPT_MAX) {
            g_hash_table_remove_all(lines->kept);
            lines->kept_size = 0;
        }
        lines->kept_size += size;
        g_hash_table_insert(lines->kept, line->key, line);
    }
    return g_rc_box_acquire(line);
}

void plain_line_clear(struct plain_line **line)
{
    if (*line)
        release_line(*line);
    *line = NULL;
}

int plain_line_width(const struct plain_line *line)
{
    return line->width;
}

void plain_line_show(const struct plain_line *line, cairo_t *cr, double x, double y)
{
    const char *text = line->key + 1;
    cairo_glyph_t *glyphs = cairo_glyph_allocate(line->glyph_count);

    for (int i = 0; i < line->glyph_count; i++)
        glyphs[i] =
            (cairo_glyph_t){line->glyphs[i].index, x + line->glyphs[i].x, y + line->glyphs[i].y};
    cairo_set_scaled_font(cr, line->font);
    cairo_show_text_glyphs(cr, text, (int)strlen(text), glyphs, line->glyph_count, line->clusters,
                           line->cluster_count, 0);
    cairo_glyph_free(glyphs);
}
