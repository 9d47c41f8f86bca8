/* Lists of ids as sets: what is in one and not in another. For lists of hundreds, as bodies have.
 */
#ifndef TRACTION_ID_SETS_H
#define TRACTION_ID_SETS_H

#include <stdbool.h>

#include "arena.h"
#include "uuid.h"

bool ids_have(struct uuids ids, struct uuid id);
/* Where it is first, or the count. */
size_t ids_index(struct uuids ids, struct uuid id);
/* The same ids in the same order. */
bool ids_equal(struct uuids a, struct uuids b);
/* Each id once, in the order of its first place; in the arena. */
struct uuids ids_unique(struct arena *arena, struct uuids ids);
/* Those of `ids` that are not in `others`. */
struct uuids ids_without(struct arena *arena, struct uuids ids, struct uuids others);
/* All of `a`, then all of `b`. */
struct uuids ids_both(struct arena *arena, struct uuids a, struct uuids b);

#endif
