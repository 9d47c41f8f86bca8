/* Bodies that do not change while the process runs: compressed and tagged once, at the start. */
#ifndef TRACTION_STATIC_CONTENT_H
#define TRACTION_STATIC_CONTENT_H

#include "arena.h"
#include "str.h"

struct static_content {
    const char *type; /* of the content; NULL: there is none */
    struct str text;
    struct str gzip;   /* absent when it would not be smaller */
    struct str etag;   /* NUL-terminated */
    const char *cache; /* Cache-Control; NULL: kept, but asked about each time */
};

/* `text` must live as long as what is made. */
struct static_content static_content_make(struct arena *arena, const char *type, struct str text);

#endif
