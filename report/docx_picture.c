/* Pictures: cairo image surfaces written as PNG. What is drawn is chart.h's business. cairo writes
 * PNG itself, with libpng's defaults, which are for photographs and take seven tenths of a
 * document's time: for lines on white, no filter and quick compression are a fraction of that and
 * no larger. */
#include "docx_picture.h"

#include <assert.h>
#include <math.h>
#include <png.h>
#include <stdlib.h>
#include <string.h>

/* Pixels per point: 144 dots an inch, sharp in print without megabytes. */
#define SCALE 2.0

struct easel {
    cairo_surface_t *surface;
    cairo_t *cr;
    struct canvas *canvas;
};

struct picture {
    char *bytes;
    size_t size, capacity;
};

struct easel *easel_new(const struct locale *locale)
{
    struct easel *easel = calloc(1, sizeof *easel);

    assert(easel != NULL);
    easel->surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)(PICTURE_WIDTH * SCALE),
                                                (int)(PICTURE_HEIGHT * SCALE));
    easel->cr = cairo_create(easel->surface);
    cairo_scale(easel->cr, SCALE, SCALE);
    easel->canvas = canvas_new(easel->cr, locale);
    return easel;
}

void easel_destroy(struct easel **easel)
{
    if (*easel == NULL)
        return;
    canvas_destroy(&(*easel)->canvas);
    cairo_destroy((*easel)->cr);
    cairo_surface_destroy((*easel)->surface);
    free(*easel);
    *easel = NULL;
}

struct canvas *easel_canvas(struct easel *easel)
{
    canvas_mirror(easel->canvas, 0);
    canvas_box(easel->canvas, 0, 0, PICTURE_WIDTH, PICTURE_HEIGHT, &white);
    return easel->canvas;
}

static void keep(png_structp png, png_bytep data, size_t size)
{
    struct picture *picture = png_get_io_ptr(png);

    if (picture->capacity - picture->size < size) {
        picture->capacity = (picture->size + size) * 2;
        picture->bytes = realloc(picture->bytes, picture->capacity);
        assert(picture->bytes != NULL);
    }
    memcpy(picture->bytes + picture->size, data, size);
    picture->size += size;
}

static void flush(png_structp png)
{
    (void)png;
}

/* libpng must not come back from it. What can fail is memory, as everywhere. */
static _Noreturn void give_up(png_structp png, png_const_charp why)
{
    (void)png;
    fprintf(stderr, "report-writer: PNG: %s\n", why);
    abort();
}

char *easel_png(struct easel *easel, double width, double height, size_t *size)
{
    struct picture picture = {NULL, 0, 0};
    int columns = (int)ceil(width * SCALE), rows = (int)ceil(height * SCALE);

    assert(width <= PICTURE_WIDTH && height <= PICTURE_HEIGHT);
    cairo_surface_flush(easel->surface);
    png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, give_up, NULL);
    png_infop info = png_create_info_struct(png);

    png_set_write_fn(png, &picture, keep, flush);
    png_set_compression_level(png, 3);
    png_set_filter(png, PNG_FILTER_TYPE_BASE, PNG_FILTER_NONE);
    png_set_IHDR(png, info, (png_uint_32)columns, (png_uint_32)rows, 8, PNG_COLOR_TYPE_RGB,
                 PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    png_write_info(png, info);
    /* CAIRO_FORMAT_RGB24 is 0xXXRRGGBB in the machine's order of bytes. */
    if (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__)
        png_set_bgr(png);
    png_set_filler(
        png, 0, __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? PNG_FILLER_AFTER : PNG_FILLER_BEFORE);
    for (int row = 0; row < rows; row++)
        png_write_row(png, cairo_image_surface_get_data(easel->surface) +
                               (ptrdiff_t)row * cairo_image_surface_get_stride(easel->surface));
    png_write_end(png, info);
    png_destroy_write_struct(&png, &info);
    *size = picture.size;
    return picture.bytes;
}
