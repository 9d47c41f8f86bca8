/* One call of a client, and the lists that hold calls. Private to the bus: bus_client.c defines the
 * meaning of the lists. */
#ifndef TRACTION_BUS_CALLS_H
#define TRACTION_BUS_CALLS_H

#include "bus_client.h"
#include "bus_replica.h"

struct call_list;

struct client_call {
    uint64_t correlation; /* of the last sending; 0 before */
    struct request *request;
    const char *only; /* the address of the one replica that it may go to; NULL: any */
    bus_reply_fn *done;
    void *argument;
    int64_t deadline_us, sent_us;
    struct replica *replica;  /* that it was sent to; NULL outside the list of sent ones */
    bool sent;                /* ever: it may have been carried out */
    bool repeated;            /* was sent a second time */
    bool surplus;             /* beyond `max`: not one of client->calls, and will fail */
    enum bus_outcome outcome; /* while in the list of failed ones */
    struct call_list *list;
    struct client_call *next, *previous;
};

struct call_list {
    struct client_call *first, *last;
};

/* To the end of `to`, from wherever it is. */
void call_move(struct client_call *call, struct call_list *to);
void call_move_all(struct call_list *from, struct call_list *to);

#endif
