/* Entity tags: "<version>-<hash of the body>". */
#ifndef TRACTION_ETAG_H
#define TRACTION_ETAG_H

#include <stdbool.h>
#include <stdint.h>

#include "arena.h"
#include "str.h"

/* With its quotes, NUL-terminated. */
struct str etag_make(struct arena *arena, int64_t version, struct str body);

/* If-None-Match: whether a tag of the list (or "*") is this one. Weak tags count as strong ones. */
bool etag_matches(struct str list, struct str etag);

/* If-Match: only versions count. The first one of the list, or -1 for "*" (any version); those
 * behind it are packed as an array, when there are any. False when there is no tag of ours in it.
 */
bool etag_versions(struct str list, int64_t *first, struct buffer *others);

#endif
