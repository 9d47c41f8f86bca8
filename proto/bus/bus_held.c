/* Keeps requests in a list, newest first: searched only when one is cancelled, which is rare. It
 * must not send anything. */
#include "bus_held.h"

#include <stdlib.h>

#include "bus_frame.h"
#include "memory.h"

enum { SPARE_MOST = 256 }; /* unused requests kept with their arenas */

struct held *held_take(struct held_set *set, struct bus_server *server)
{
    struct held *held = set->spares;

    if (held) {
        set->spares = held->next;
        set->spare_count--;
        held->request.cancelled = false;
        held->gone = NULL;
        return held;
    }
    held = xcalloc(1, sizeof *held);
    held->request.server = server;
    held->request.arena = arena_new();
    zmq_msg_init(&held->identity);
    zmq_msg_init(&held->frame);
    return held;
}

static void free_held(struct held *held)
{
    zmq_msg_close(&held->identity);
    zmq_msg_close(&held->frame);
    arena_destroy(&held->request.arena);
    free(held);
}

void held_put_back(struct held_set *set, struct held *held)
{
    if (set->closed || set->spare_count >= SPARE_MOST) {
        free_held(held);
        return;
    }
    zmq_msg_close(&held->identity);
    zmq_msg_close(&held->frame);
    zmq_msg_init(&held->identity);
    zmq_msg_init(&held->frame);
    arena_reset(held->request.arena);
    held->next = set->spares;
    set->spares = held;
    set->spare_count++;
}

void held_close(struct held_set *set)
{
    set->closed = true;
    while (set->spares) {
        struct held *held = set->spares;
        set->spares = held->next;
        free_held(held);
    }
}

void held_add(struct held_set *set, struct held *held)
{
    held->counted = true;
    held->before = NULL;
    held->next = set->first;
    if (held->next)
        held->next->before = held;
    set->first = held;
    set->count++;
}

void held_remove(struct held_set *set, struct held *held)
{
    if (!held->counted)
        return;
    held->counted = false;
    *(held->before ? &held->before->next : &set->first) = held->next;
    if (held->next)
        held->next->before = held->before;
    set->count--;
}

struct held *held_find(const struct held_set *set, struct held *like)
{
    struct str peer = bus_frame_bytes(&like->identity);

    for (struct held *held = set->first; held; held = held->next) {
        if (held->request.request.correlation == like->request.request.correlation &&
            str_equal(bus_frame_bytes(&held->identity), peer))
            return held;
    }
    return NULL;
}

struct held *held_of_id(const struct held_set *set, const char *request_id)
{
    struct held *held = set->first;

    while (held && held->request.request.request_id.data != request_id)
        held = held->next;
    return held;
}

bool held_cancel(struct held *held)
{
    if (held->request.cancelled)
        return false;
    held->request.cancelled = true;
    if (held->gone)
        held->gone(held->argument);
    return true;
}
