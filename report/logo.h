/* The company's logo: a PNG file, bounded before it is decoded. */
#ifndef TRACTION_LOGO_H
#define TRACTION_LOGO_H

#include <cairo.h>

#include "arena.h"
#include "str.h"

enum { LOGO_BYTES_MAX = 1 << 20, LOGO_PIXELS_MAX = 2000 }; /* the latter in each direction */

struct logo {
    struct str bytes; /* of the file */
    cairo_surface_t *surface;
    double width, height; /* pixels */
};

/* Reads and decodes it. Without a path, and when the file cannot be used, which is logged, there is
 * none: surface is NULL. */
void logo_read(struct arena *arena, struct str path, struct logo *logo);
void logo_free(struct logo *logo);
/* Its size when it is fitted into a box, never enlarged beyond a pixel per point. */
void logo_fit(const struct logo *logo, double box_width, double box_height, double *width,
              double *height);

#endif
