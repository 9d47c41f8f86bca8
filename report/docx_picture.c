/* Pictures: cairo image surfaces written as PNG. What is drawn is chart.h's business. */
#include "docx_picture.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Pixels per point: 144 dots an inch, sharp in print without megabytes. */
#define SCALE 2.0

struct easel {
    cairo_surface_t *surface;
    cairo_t *cr;
    struct canvas *canvas;
};

struct png {
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

static cairo_status_t keep(void *context, const unsigned char *data, unsigned int size)
{
    struct png *png = context;

    if (png->capacity - png->size < size) {
        png->capacity = (png->size + size) * 2;
        png->bytes = realloc(png->bytes, png->capacity);
        assert(png->bytes != NULL);
    }
    memcpy(png->bytes + png->size, data, size);
    png->size += size;
    return CAIRO_STATUS_SUCCESS;
}

char *easel_png(struct easel *easel, double width, double height, size_t *size)
{
    struct png png = {NULL, 0, 0};
    cairo_surface_t *part;
    cairo_status_t status;

    assert(width <= PICTURE_WIDTH && height <= PICTURE_HEIGHT);
    cairo_surface_flush(easel->surface);
    part = cairo_image_surface_create_for_data(
        cairo_image_surface_get_data(easel->surface), CAIRO_FORMAT_RGB24, (int)ceil(width * SCALE),
        (int)ceil(height * SCALE), cairo_image_surface_get_stride(easel->surface));
    status = cairo_surface_write_to_png_stream(part, keep, &png);
    cairo_surface_destroy(part);
    if (status != CAIRO_STATUS_SUCCESS) {
        free(png.bytes);
        return NULL;
    }
    *size = png.size;
    return png.bytes;
}
