/* The replicas of one service and which of them a call goes to. Private to the bus: it knows no
 * calls, only how many each replica has. */
#ifndef TRACTION_BUS_POOL_H
#define TRACTION_BUS_POOL_H

#include <stdbool.h>
#include <stdint.h>

#include "bus_names.h"
#include "bus_replica.h"

struct bus_pool {
    struct loop *loop;
    char *service; /* for the log */
    const struct replica_handlers *handlers;
    void *argument;
    struct replica *replicas;
    struct bus_names *names;
    uint64_t picks;
    int64_t silence_us;    /* without any answer before a timeout makes a replica suspect */
    int64_t down_since_us; /* when the last good replica went, or the start; only of use when none
                              is connected */
};

/* The handlers get `argument`; they must call pool_connected, pool_disconnected and pool_answered.
 */
void pool_init(struct bus_pool *pool, struct loop *loop, const char *service, const char *endpoints,
               const struct replica_handlers *handlers, void *argument);
void pool_free(struct bus_pool *pool);

void pool_connected(struct bus_pool *pool, struct replica *replica);
void pool_disconnected(struct bus_pool *pool, struct replica *replica);
/* It has replied. */
void pool_answered(struct bus_pool *pool, struct replica *replica, int64_t now_us);
/* It has refused a call. True when another one may take it. */
bool pool_refused(struct bus_pool *pool, struct replica *replica, int64_t now_us);
/* A call that was sent at `sent_us` timed out. Unless the replica has answered others since, it is
 * suspect from now on. */
void pool_suspect(struct bus_pool *pool, struct replica *replica, int64_t sent_us, int64_t now_us);

/* The replica for the next call: the one with the fewest calls in flight; a suspect one from time
 * to time, as a probe. NULL when there is none; `*suspects` then says whether there are only
 * suspect ones. */
struct replica *pool_pick(struct bus_pool *pool, int64_t now_us, bool *suspects);
/* The replica of that address, also a suspect one, when it is connected; else NULL. */
struct replica *pool_find(struct bus_pool *pool, const char *address);
/* The addresses of those that are connected, suspects too; how many of at most `max`. */
size_t pool_addresses(const struct bus_pool *pool, const char **addresses, size_t max);
/* Counts a call that was sent to it. */
void pool_book(struct replica *replica, int64_t now_us);

bool pool_any(const struct bus_pool *pool);    /* connected ones, suspects too */
size_t pool_good(const struct bus_pool *pool); /* how many are connected and not suspect */
/* Destroys idle replicas whose names do not resolve to them any more. */
void pool_remove_vanished(struct bus_pool *pool);

#endif
