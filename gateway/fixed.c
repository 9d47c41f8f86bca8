/* Makes what every answer of a fixed body needs, so that answering costs nothing but sending. */
#include "fixed.h"

#include "etag.h"
#include "gzip.h"

struct fixed fixed_make(struct arena *arena, const char *type, struct str text)
{
    return (struct fixed){type, text, gzip_text(arena, text), etag_make(arena, 0, text)};
}
