/* One process that a client calls: a DEALER with its monitor. Private to the bus. It reports when
 * it is connected and disconnected, and passes on what arrives. The client chooses which replica to
 * call, and keeps its data about each one here. */
#ifndef TRACTION_BUS_REPLICA_H
#define TRACTION_BUS_REPLICA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bus_frame.h"
#include "bus_socket.h"

struct replica;

/* None of them may destroy the replica. */
struct replica_handlers {
    void (*connected)(void *argument, struct replica *replica);
    /* All that had arrived was passed on before; requests without a reply are lost. */
    void (*disconnected)(void *argument, struct replica *replica);
    void (*arrived)(void *argument, struct replica *replica, struct str message);
};

struct replica {
    /* The client's data. */
    size_t source; /* which of the configured endpoints it came from */
    size_t in_flight;
    uint64_t picked;         /* when it was last picked, as a count of picks */
    int64_t silent_since_us; /* of its last answer, or of the first call after an idle time */
    bool owes;               /* was called since its last answer */
    int64_t avoid_until_us;  /* it has refused a call: others are preferred until then */
    bool suspect;            /* connected but does not answer */
    int64_t probed_us;       /* when a suspect last got a call */
    bool vanished;           /* its name does not resolve to it any more: destroyed when idle */
    struct replica *next;

    /* To be read only. */
    char *address;
    bool connected;

    /* The replica's own. */
    struct loop *loop;
    const char *service;
    const struct replica_handlers *handlers;
    void *argument;
    bool refused; /* and that was logged */
    zsock_t *socket, *monitor;
    struct loop_timer *reopening; /* NULL: not planned */
    struct bus_watch *socket_watch, *monitor_watch;
};

/* `service` is whose key the peer has to prove; it outlives the replica. NULL with a log line when
 * ZeroMQ refuses the address. */
struct replica *replica_new(struct loop *loop, const char *service, const char *address,
                            const struct replica_handlers *handlers, void *argument);
void replica_destroy(struct replica **replica);

/* Sends what was packed into `frame`. False when it is not connected or too much is queued. */
bool replica_send(struct replica *replica, struct bus_frame *frame);

#endif
