/* A row is in the map while somebody works on it, with those that wait behind. */
#include "turns.h"

#include <stdlib.h>
#include <string.h>

#include "memory.h"

enum { EXPECTED = 256 };

struct turn_row {
    struct map_item entry; /* first; its key is behind the struct */
    bool shared;           /* those that work on it are */
    size_t working;
    struct turn *first, *last; /* who waits */
};

void turns_init(struct turns *turns, size_t shared_most)
{
    *turns = (struct turns){.shared_most = shared_most};
    map_init(&turns->map, EXPECTED);
}

void turns_free(struct turns *turns)
{
    map_free(&turns->map);
}

static struct turn_row *add_row(struct turns *turns, struct str key)
{
    struct turn_row *row = xcalloc(1, sizeof *row + key.size);
    char *kept = (char *)(row + 1);

    memcpy(kept, key.data, key.size);
    row->entry.key = (struct str){kept, key.size};
    map_add(&turns->map, &row->entry);
    return row;
}

/* Whether one more may work on the row. */
static bool has_room(const struct turns *turns, const struct turn_row *row, bool shared)
{
    return row->working == 0 || (shared && row->shared && row->working < turns->shared_most);
}

static void start(struct turn_row *row, bool shared)
{
    row->shared = shared;
    row->working++;
}

bool turn_begin(struct turns *turns, struct turn *turn, struct str key, bool shared)
{
    struct turn_row *row = (struct turn_row *)(void *)map_find(&turns->map, key);

    if (!row)
        row = add_row(turns, key);
    *turn = (struct turn){.row = row, .shared = shared};
    if (!row->first && has_room(turns, row, shared)) {
        start(row, shared);
        return true;
    }
    *(row->last ? &row->last->next : &row->first) = turn;
    row->last = turn;
    turns->waiting++;
    return false;
}

/* Takes those out of the list that may begin. */
static struct turn *take_next(struct turns *turns, struct turn_row *row)
{
    struct turn *taken = row->first, *last = NULL;

    for (struct turn *turn = taken; turn && has_room(turns, row, turn->shared); turn = turn->next) {
        start(row, turn->shared);
        turns->waiting--;
        last = turn;
    }
    if (!last)
        return NULL;
    row->first = last->next;
    row->last = row->first ? row->last : NULL;
    last->next = NULL;
    return taken;
}

struct turn *turn_end(struct turns *turns, struct turn *turn)
{
    struct turn_row *row = turn->row;

    row->working--;
    struct turn *taken = take_next(turns, row);
    if (row->working == 0) {
        map_remove(&turns->map, &row->entry);
        free(row);
    }
    return taken;
}
