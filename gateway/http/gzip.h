/* Compressed answers. */
#ifndef TRACTION_GZIP_H
#define TRACTION_GZIP_H

#include <stdbool.h>

#include "arena.h"
#include "str.h"

/* Whether an Accept-Encoding takes gzip. */
bool gzip_accepted(struct str accept_encoding);
/* Absent when the text would not become smaller. */
struct str gzip_text(struct arena *arena, struct str text);

/* The same in several steps, for texts of megabytes. `text` and `arena` must outlive it. */
struct gzip;
struct gzip *gzip_new(struct arena *arena, struct str text);
/* Compresses about so many bytes more; true when all is done. */
bool gzip_go_on(struct gzip *gzip, size_t bytes);
/* At any time. The result, absent as above, or when not all was done. */
struct str gzip_end(struct gzip **gzip);

#endif
