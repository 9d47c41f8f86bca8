/* The pending requests of a server: received and not yet answered. Found by caller; unused structs
 * are kept for reuse. Private to the bus; knows no socket. */
#ifndef TRACTION_BUS_PENDING_H
#define TRACTION_BUS_PENDING_H

#include <stdbool.h>
#include <stddef.h>

#include <zmq.h>

#include "bus_server.h"
#include "shares.h"

/* A request with the message it points into. Both messages are always initialised. */
struct pending_request {
    struct bus_request request; /* first, so that one is the other */
    zmq_msg_t identity;
    zmq_msg_t frame;                   /* the request; once it is answered, the reply */
    bool counted;                      /* in the set */
    struct share *share;               /* of its tenant, while it is in the set */
    void (*on_cancel)(void *argument); /* called once when it is cancelled; NULL: not watched */
    void *argument;
    struct pending_request *next,
        *before; /* in the set; `next` also in the outbox and among spares */
};

struct pending_requests {
    struct pending_request *first;
    size_t count;
    struct pending_request *spares;
    size_t spare_count;
    bool closed; /* nothing is kept any more */
};

struct pending_request *pending_take(struct pending_requests *set, struct bus_server *server);
void pending_put_back(struct pending_requests *set, struct pending_request *pending);
/* Spares are freed, now and from now on. */
void pending_close(struct pending_requests *set);

void pending_add(struct pending_requests *set, struct pending_request *pending);
/* It is not pending any more; does nothing when it was not in the set. */
void pending_remove(struct pending_requests *set, struct pending_request *pending);

/* The request of the same peer and correlation; NULL when it is not pending. */
struct pending_request *pending_find(const struct pending_requests *set,
                                     struct pending_request *like);
/* The one whose request id is this very text, not an equal one: calls of one request share it. */
struct pending_request *pending_of_id(const struct pending_requests *set, const char *request_id);
/* Marks it as cancelled. False when it was already. */
bool pending_cancel(struct pending_request *pending);

#endif
