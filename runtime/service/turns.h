/* Turns: of requests that would wait for the same row's lock, one works and the others wait here,
 * in the order they came, without a fiber or a connection of the database. The row's lock is what
 * decides between processes. Nothing is allocated: turns are embedded in what waits. */
#ifndef TRACTION_TURNS_H
#define TRACTION_TURNS_H

#include <stdbool.h>
#include <stddef.h>

#include "map.h"

struct turn {
    struct map_item entry;     /* first; in the map while it is this one's turn */
    struct turn *first, *last; /* who waits behind it, while it is this one's turn */
    struct turn *next;         /* among those that wait */
};

struct turns {
    struct map map;
    size_t waiting;
};

void turns_init(struct turns *turns);
void turns_free(struct turns *turns);

/* True when it is this one's turn; false: it waits, and turn_end will answer it. `key` lives as
 * long as the turn. */
bool turn_begin(struct turns *turns, struct turn *turn, struct str key);
/* Whose turn it is now; NULL when nobody waits. */
struct turn *turn_end(struct turns *turns, struct turn *turn);

#endif
