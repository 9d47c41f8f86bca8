/* The report's charts as PNG pictures. */
#ifndef TRACTION_DOCX_PICTURE_H
#define TRACTION_DOCX_PICTURE_H

#include "arena.h"
#include "canvas.h"
#include "sink.h"

/* Points. Wider than any picture of the document. */
#define PICTURE_WIDTH 488.0
#define PICTURE_HEIGHT 260.0

struct easel; /* one white surface that every picture is drawn on in turn */

struct easel *easel_new(const struct locale *locale);
void easel_destroy(struct easel **easel);

/* Wipes it white; what is drawn on the canvas then is in points. */
struct canvas *easel_canvas(struct easel *easel);
/* The upper left part as PNG bytes, to be freed with free(). */
char *easel_png(struct easel *easel, double width, double height, size_t *size);

#endif
