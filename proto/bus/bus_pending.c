/* Keeps requests in a list, newest first: searched only when one is cancelled, which is rare. It
 * must not send anything. */
#include "bus_pending.h"

#include <stdlib.h>

#include "bus_frame.h"
#include "memory.h"

enum { SPARE_MAX = 256 }; /* unused requests kept with their arenas */

struct pending_request *pending_take(struct pending_requests *set, struct bus_server *server)
{
    struct pending_request *pending = set->spares;

    if (pending) {
        set->spares = pending->next;
        set->spare_count--;
        pending->request.cancelled = false;
        pending->on_cancel = NULL;
        return pending;
    }
    pending = xcalloc(1, sizeof *pending);
    pending->request.server = server;
    pending->request.arena = arena_new();
    zmq_msg_init(&pending->identity);
    zmq_msg_init(&pending->frame);
    return pending;
}

static void free_pending(struct pending_request *pending)
{
    zmq_msg_close(&pending->identity);
    zmq_msg_close(&pending->frame);
    arena_destroy(&pending->request.arena);
    free(pending);
}

void pending_put_back(struct pending_requests *set, struct pending_request *pending)
{
    if (set->closed || set->spare_count >= SPARE_MAX) {
        free_pending(pending);
        return;
    }
    zmq_msg_close(&pending->identity);
    zmq_msg_close(&pending->frame);
    zmq_msg_init(&pending->identity);
    zmq_msg_init(&pending->frame);
    arena_reset(pending->request.arena);
    pending->next = set->spares;
    set->spares = pending;
    set->spare_count++;
}

void pending_close(struct pending_requests *set)
{
    set->closed = true;
    while (set->spares) {
        struct pending_request *pending = set->spares;
        set->spares = pending->next;
        free_pending(pending);
    }
}

void pending_add(struct pending_requests *set, struct pending_request *pending)
{
    pending->counted = true;
    pending->before = NULL;
    pending->next = set->first;
    if (pending->next)
        pending->next->before = pending;
    set->first = pending;
    set->count++;
}

void pending_remove(struct pending_requests *set, struct pending_request *pending)
{
    if (!pending->counted)
        return;
    pending->counted = false;
    *(pending->before ? &pending->before->next : &set->first) = pending->next;
    if (pending->next)
        pending->next->before = pending->before;
    set->count--;
}

struct pending_request *pending_find(const struct pending_requests *set,
                                     struct pending_request *like)
{
    struct str peer = bus_frame_bytes(&like->identity);

    for (struct pending_request *pending = set->first; pending; pending = pending->next) {
        if (pending->request.request.correlation == like->request.request.correlation &&
            str_equal(bus_frame_bytes(&pending->identity), peer))
            return pending;
    }
    return NULL;
}

struct pending_request *pending_of_id(const struct pending_requests *set, const char *request_id)
{
    struct pending_request *pending = set->first;

    while (pending && pending->request.request.request_id.data != request_id)
        pending = pending->next;
    return pending;
}

bool pending_cancel(struct pending_request *pending)
{
    if (pending->request.cancelled)
        return false;
    pending->request.cancelled = true;
    if (pending->on_cancel)
        pending->on_cancel(pending->argument);
    return true;
}
