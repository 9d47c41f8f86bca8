/* Compresses and tags a static body once, so that an answer only has to be sent. */
#include "static_content.h"

#include "etag.h"
#include "gzip.h"

struct static_content static_content_make(struct arena *arena, const char *type, struct str text)
{
    struct arena *scratch = arena_new(); /* compressing takes as much room as the text */
    struct str gzip = arena_copy(arena, gzip_text(scratch, text));

    arena_destroy(&scratch);
    return (struct static_content){type, text, gzip, etag_make(arena, 0, text), NULL};
}
