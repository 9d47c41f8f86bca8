/* The one whose turn it is holds the list of those behind it, and hands it on. */
#include "turns.h"

enum { EXPECTED = 256 };

void turns_init(struct turns *turns)
{
    map_init(&turns->map, EXPECTED);
    turns->waiting = 0;
}

void turns_free(struct turns *turns)
{
    map_free(&turns->map);
}

bool turn_begin(struct turns *turns, struct turn *turn, struct str key)
{
    struct turn *holder = (struct turn *)(void *)map_find(&turns->map, key);

    *turn = (struct turn){.entry = {.key = key}};
    if (!holder) {
        map_add(&turns->map, &turn->entry);
        return true;
    }
    *(holder->last ? &holder->last->next : &holder->first) = turn;
    holder->last = turn;
    turns->waiting++;
    return false;
}

struct turn *turn_end(struct turns *turns, struct turn *turn)
{
    struct turn *next = turn->first;

    map_remove(&turns->map, &turn->entry);
    if (!next)
        return NULL;
    next->first = next->next;
    next->last = next->first ? turn->last : NULL;
    next->next = NULL;
    map_add(&turns->map, &next->entry);
    turns->waiting--;
    return next;
}
