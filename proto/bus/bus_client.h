/* The caller's end of the bus: a DEALER per replica of one service. Picks the connected replica
 * with the least in flight; a request whose replica dies before answering, or refuses it while
 * another is there, is sent once more, to another replica or to the same one when it is back, as
 * long as its time lasts (effects are exactly once by the command id, so a repetition is safe). One
 * that a dying replica names as the cause is not sent again: its reply says `fatal`. A replica on
 * which a call timed out and that has answered nothing since is suspect: it gets one call a second
 * until it answers, and when there is no other, everything else fails at once. */
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
    BUS_UNAVAILABLE, /* no replica connected, or too much in flight: certainly not carried out */
    BUS_LOST,     /* the replica died and no other was there in time: may have been carried out */
    BUS_TIMEOUT,  /* likewise unknown */
    BUS_GIVEN_UP, /* by bus_cancel: likewise */
};
typedef void bus_reply_fn(void *argument, enum bus_outcome outcome, const struct reply *reply);

/* `endpoints`: addresses separated by commas; tcp host names are resolved again every 5 s, every
 * address of a name is a replica. `service` is for logs. `most` calls in flight, less than 2^20.
 * While no replica is connected calls wait for one until `connect_wait_ms` after the last was lost
 * (0: fail at once); a longer outage is not waited for. */
struct bus_client *bus_client_new(struct loop *loop, const char *service, const char *endpoints,
                                  size_t most, int64_t connect_wait_ms);
/* Calls in flight end with BUS_UNAVAILABLE or BUS_LOST first. Not from inside a `done`. */
void bus_client_destroy(struct bus_client **client);

/* Sends `request`, whose correlation is chosen here and whose remaining_ms is kept up to date; the
 * struct and what it points to must live until `done`, which is called exactly once and never from
 * inside this call. */
void bus_call(struct bus_client *client, struct request *request, bus_reply_fn *done,
              void *argument);
/* Gives up the call of that request, before its `done`, which is called soon with BUS_GIVEN_UP
 * unless the call has ended just now. Whoever has it is told, but need not heed it. */
void bus_cancel(struct bus_client *client, const struct request *request);

/* To a replica that is not suspect; and to how many of them. */
bool bus_client_connected(const struct bus_client *client);
size_t bus_client_replicas(const struct bus_client *client);
size_t bus_client_in_flight(const struct bus_client *client);

struct bus_client_counts {
    uint64_t calls, replies, unavailable, lost, timeouts, given_up, retries;
};
struct bus_client_counts bus_client_counts(const struct bus_client *client);

#endif
