/* Turns: of requests that would wait for the same row's lock, one works and the others wait here,
 * in the order they came, without a fiber or a connection of the database; those that only share
 * the lock work together. The row's lock is what decides between processes. */
#ifndef TRACTION_TURNS_H
#define TRACTION_TURNS_H

#include <stdbool.h>
#include <stddef.h>

#include "map.h"

/* Embedded in what waits, and there until turn_end; all of it is private, but for `next`. */
struct turn {
    struct turn_row *row; /* NULL: it has no turns */
    struct turn *next;    /* in what turn_end answers */
    bool shared;
};

struct turns {
    struct map map;
    size_t waiting, shared_most;
};

/* At most so many share a row at a time, because outside this process it may be locked; at least 1.
 */
void turns_init(struct turns *turns, size_t shared_most);
/* Nobody works or waits any more. */
void turns_free(struct turns *turns);

/* True when it may begin; false: it waits, and turn_end will answer it. With `shared` it may work
 * beside some others that are, unless anybody waits already. The key is copied. */
bool turn_begin(struct turns *turns, struct turn *turn, struct str key, bool shared);
/* Who may begin now: a list; NULL when it is nobody. */
struct turn *turn_end(struct turns *turns, struct turn *turn);

#endif
