/* Reading the logo. */
#include "logo.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

#include "log.h"

static const char *read_bytes(struct arena *arena, const char *path, struct str *bytes)
{
    struct buffer out = buffer_in(arena, 64 << 10);
    char block[16 << 10];
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    ssize_t got = 0;

    if (file < 0)
        return strerror(errno);
    while (out.size <= LOGO_BYTES_MAX && (got = read(file, block, sizeof block)) > 0)
        buffer_append(&out, block, (size_t)got);
    close(file);
    *bytes = buffer_str(&out);
    if (got < 0)
        return "cannot be read";
    return bytes->size > LOGO_BYTES_MAX ? "is larger than 1 MiB" : NULL;
}

/* A PNG begins with its signature and the chunk that says its size (RFC 2083, 3.1 and 4.1.1). */
static const char *check_size(struct str bytes)
{
    static const char begin[] = "\x89PNG\r\n\x1a\n\0\0\0\rIHDR";
    const unsigned char *size = (const unsigned char *)bytes.data + sizeof begin - 1;
    unsigned long sides[2] = {0, 0};

    if (bytes.size < sizeof begin - 1 + 8 || memcmp(bytes.data, begin, sizeof begin - 1) != 0)
        return "is no PNG";
    for (int i = 0; i < 8; i++)
        sides[i / 4] = sides[i / 4] << 8 | size[i];
    if (sides[0] == 0 || sides[1] == 0 || sides[0] > LOGO_PIXELS_MAX || sides[1] > LOGO_PIXELS_MAX)
        return "has more than 2,000 pixels in a direction, or none";
    return NULL;
}

static cairo_status_t next(void *context, unsigned char *data, unsigned int size)
{
    struct str *left = context;

    if (left->size < size)
        return CAIRO_STATUS_READ_ERROR;
    memcpy(data, left->data, size);
    *left = (struct str){left->data + size, left->size - size};
    return CAIRO_STATUS_SUCCESS;
}

static const char *decode(struct logo *logo)
{
    struct str left = logo->bytes;

    logo->surface = cairo_image_surface_create_from_png_stream(next, &left);
    if (cairo_surface_status(logo->surface) == CAIRO_STATUS_SUCCESS) {
        logo->width = cairo_image_surface_get_width(logo->surface);
        logo->height = cairo_image_surface_get_height(logo->surface);
        return NULL;
    }
    logo_free(logo);
    return "is a damaged PNG";
}

void logo_read(struct arena *arena, struct str path, struct logo *logo)
{
    *logo = (struct logo){.surface = NULL};
    if (path.size == 0)
        return;
    const char *why = read_bytes(arena, arena_copy(arena, path).data, &logo->bytes);
    if (!why)
        why = check_size(logo->bytes);
    if (!why)
        why = decode(logo);
    if (why)
        log_warning("the logo is left out", LOG_TEXT("file", path), LOG_CSTR("why", why));
}

void logo_free(struct logo *logo)
{
    if (logo->surface)
        cairo_surface_destroy(logo->surface);
    logo->surface = NULL;
}

void logo_fit(const struct logo *logo, double box_width, double box_height, double *width,
              double *height)
{
    double scale = fmin(1, fmin(box_width / logo->width, box_height / logo->height));

    *width = logo->width * scale;
    *height = logo->height * scale;
}
