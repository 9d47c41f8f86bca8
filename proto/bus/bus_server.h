/* The service's end of the bus: a ROUTER that receives requests and sends replies. It knows
 * envelopes, not operations. Requests beyond the queue's length are refused at once, with
 * RATE_LIMITED those of a tenant that holds more than its share of it, others with
 * SERVICE_UNAVAILABLE; requests whose deadline passed while they waited are dropped. */
#ifndef TRACTION_BUS_SERVER_H
#define TRACTION_BUS_SERVER_H

#include <stdbool.h>
#include <stddef.h>

#include "envelope.h"
#include "loop.h"

struct bus_server;

/* One request, owned by the server until bus_reply. `arena` lives exactly as long as the request
 * and may be used by the handler. */
struct bus_request {
    struct request request; /* points into the received message */
    struct arena *arena;
    int64_t deadline_us; /* monotonic_us() after which the caller does not wait any more */
    int64_t received_us;
    const char *role;    /* the key's, of who asks; NULL where no keys are used. Lives as long as */
    const char *address; /* where it asks from; ""        the request, until bus_reply. */
    bool cancelled;      /* the caller does not wait any more; bus_reply sends nothing */
    struct bus_server *server;
    struct bus_request *next; /* free for the holder's queues */
};

/* Called for each arrived request, from the loop; must lead to exactly one bus_reply or bus_drop.
 */
typedef void bus_request_fn(void *argument, struct bus_request *request);

/* Binds `endpoint` ("ipc:///run/svc-goals.sock" or "tcp://0.0.0.0:7101"; an ipc path's leftover
 * socket is replaced). NULL with a log line when that fails. `max` requests are held at once, and a
 * quarter more of tenants below their share (shares.h). */
struct bus_server *bus_server_new(struct loop *loop, const char *endpoint, size_t max,
                                  bus_request_fn *arrived, void *argument);
/* Pending requests stay valid until bus_reply or bus_drop, which then send nothing. */
void bus_server_destroy(struct bus_server **server);

/* Sends the reply (its correlation is filled in here) and frees the request with its arena.
 * Frames are batched until the loop's turn ends. */
void bus_reply(struct bus_request *request, const struct reply *reply);
void bus_drop(struct bus_request *request);

/* For a request that takes long: `on_cancel` is called once when the caller cancels it or
 * disconnects, which is checked every second. It is called before bus_reply or bus_drop, and from
 * inside this call if the request is cancelled already. Without a watch a request is only marked as
 * cancelled.
 */
void bus_request_watch(struct bus_request *request, void (*on_cancel)(void *argument),
                       void *argument);

/* When the process has crashed, from another thread than the server's, which is blocked for ever
 * and not inside this interface: tells the caller that this request was the cause, and waits for
 * the acknowledgement, half a second at most. The request is found by the pointer `request_id`. */
void bus_server_crashed(struct bus_server *server, const char *request_id);

/* Stops taking new requests (they get SERVICE_UNAVAILABLE); those held may finish. */
void bus_server_drain(struct bus_server *server);
size_t bus_server_pending(const struct bus_server *server);

struct bus_server_counts {
    uint64_t requests;    /* well-formed ones, whatever became of them */
    uint64_t refused;     /* beyond `max`, or while draining */
    uint64_t limited;     /* beyond the share of their tenant */
    uint64_t expired;     /* past their deadline when they arrived or were dropped */
    uint64_t malformed;   /* or of a newer version; answered when that is possible */
    uint64_t undelivered; /* replies whose caller had disconnected */
    uint64_t cancelled;   /* cancelled by callers while they were pending */
};
struct bus_server_counts bus_server_counts(const struct bus_server *server);

#endif
