/* The pending requests of a server: received and not yet answered. Found by caller; unused structs
 * are kept for reuse. Private to the bus; knows no socket. */
#ifndef TRACTION_BUS_HELD_H
#define TRACTION_BUS_HELD_H

#include <stdbool.h>
#include <stddef.h>

#include <zmq.h>

#include "bus_server.h"

/* A request with the message it points into. Both messages are always initialised. */
struct held {
    struct bus_request request; /* first, so that one is the other */
    zmq_msg_t identity;
    zmq_msg_t frame;              /* the request; once it is answered, the reply */
    bool counted;                 /* in the set */
    void (*gone)(void *argument); /* called once when it is cancelled; NULL: not watched */
    void *argument;
    struct held *next, *before; /* in the set; `next` also in the outbox and among spares */
};

struct held_set {
    struct held *first;
    size_t count;
    struct held *spares;
    size_t spare_count;
    bool closed; /* nothing is kept any more */
};

struct held *held_take(struct held_set *set, struct bus_server *server);
void held_put_back(struct held_set *set, struct held *held);
/* Spares are freed, now and from now on. */
void held_close(struct held_set *set);

void held_add(struct held_set *set, struct held *held);
/* It is not pending any more; does nothing when it was not in the set. */
void held_remove(struct held_set *set, struct held *held);

/* The request of the same peer and correlation; NULL when it is not pending. */
struct held *held_find(const struct held_set *set, struct held *like);
/* The one whose request id is this very text, not an equal one: calls of one request share it. */
struct held *held_of_id(const struct held_set *set, const char *request_id);
/* Marks it as cancelled. False when it was already. */
bool held_cancel(struct held *held);

#endif
