/* The caller's end of the bus: a DEALER per replica of one service. Picks the connected replica
 * with the fewest calls in flight. A request whose replica dies before it replies, or refuses it
 * while another replica is connected, is sent once more before its deadline, to another replica or
 * to the same one after it has reconnected (the command id makes effects exactly once, so a
 * repetition is safe). A request that made a replica crash is not sent again: its reply says
 * `fatal`. A replica on which a call timed out and that has not replied since is suspect: it gets
 * one call a second until it replies, and if there is no other replica, all other calls fail at
 * once. */
#ifndef TRACTION_BUS_CLIENT_H
#define TRACTION_BUS_CLIENT_H

#include <stdbool.h>
#include <stddef.h>

#include "envelope.h"
#include "loop.h"

struct bus_client;

/* How a call ended. On BUS_REPLIED the reply is valid during the callback only. */
enum bus_outcome {
    BUS_REPLIED,
    BUS_UNAVAILABLE, /* no replica connected, or too many in flight: certainly not carried out */
    BUS_LOST,      /* the replica died and no other connected in time: may have been carried out */
    BUS_TIMEOUT,   /* may have been carried out */
    BUS_CANCELLED, /* cancelled by bus_cancel: may have been carried out */
};
typedef void bus_reply_fn(void *argument, enum bus_outcome outcome, const struct reply *reply);

/* `endpoints`: addresses separated by commas; tcp host names are resolved again every 5 s, every
 * address of a name is a replica. `service` is for logs. `max` calls in flight, less than 2^20.
 * While no replica is connected, calls wait for one until `connect_wait_ms` after the last was lost
 * (0: they fail at once); after that they fail at once. */
struct bus_client *bus_client_new(struct loop *loop, const char *service, const char *endpoints,
                                  size_t max, int64_t connect_wait_ms);
/* A replica that has answered nothing for so long when a call times out gets no more calls but
 * probes. 150 ms unless it is set: right for calls whose answers can be done without. */
void bus_client_doubt_after(struct bus_client *client, int64_t ms);
/* Calls in flight end with BUS_UNAVAILABLE or BUS_LOST first. Not from inside a `done`. */
void bus_client_destroy(struct bus_client **client);

/* Sends `request`, whose correlation is chosen here and whose remaining_ms is kept up to date; the
 * struct and what it points to must live until `done`, which is called exactly once and never from
 * inside this call. */
void bus_call(struct bus_client *client, struct request *request, bus_reply_fn *done,
              void *argument);
/* The same to one replica, connected or not, by its address, which lives as long as the request: it
 * goes to no other and is sent once. */
void bus_call_replica(struct bus_client *client, const char *address, struct request *request,
                      bus_reply_fn *done, void *argument);
/* The addresses of the replicas that are connected, suspects too: the first `max` into `addresses`.
 * They are valid until the loop runs. */
size_t bus_client_addresses(const struct bus_client *client, const char **addresses, size_t max);
/* Cancels the call of that request before its `done`, which is called soon with BUS_CANCELLED
 * unless the call has just ended. The service is notified and may ignore it. */
void bus_cancel(struct bus_client *client, const struct request *request);

/* Whether a replica is connected that is not suspect; and how many there are. */
bool bus_client_connected(const struct bus_client *client);
size_t bus_client_replicas(const struct bus_client *client);
size_t bus_client_in_flight(const struct bus_client *client);

struct bus_client_counts {
    uint64_t calls, replies, unavailable, lost, timeouts, cancelled, retries;
};
struct bus_client_counts bus_client_counts(const struct bus_client *client);

#endif
