/* The leases of a process, shared by lease_holder.c and lease_writer.c. */
#ifndef TRACTION_LEASE_STATE_H
#define TRACTION_LEASE_STATE_H

#include "lease.h"
#include "leases.h"
#include "process.h"

/* One that a writer has to tell. */
struct known_holder {
    struct uuid id;
    bool revoked;
    int64_t revoked_us; /* since when that is known */
};

/* Which process answers where. */
struct known_place {
    char *address;
    struct uuid holder; /* none: it holds no lease */
};

struct leases {
    const struct lease_spec *spec;

    /* Of the writer. */
    struct bus_client *places_client; /* to the replicas of those who keep */
    struct known_holder *holders;
    size_t holder_count;
    int64_t read_us; /* when the question for them was sent; 0: never */
    struct known_place *places;
    size_t place_count;
    uint64_t waits, expiries, revocations;
    bool told_for_predecessor;

    /* Of the holder. */
    struct uuid id; /* none: not registered */
    struct lease own, also;
    int64_t used_us;   /* last asked whether they are valid */
    int64_t barred_us; /* it registers from then on */
    bool ended;        /* it never does again */
    uint64_t losses;
};

/* lease_telling.c: tells them that everything with one of the tags has changed (count 0: simply
 * everything), and waits for their answers. Those that have not answered are left in `holders`. */
void lease_tell(struct leases *leases, struct uuids *holders, const uint64_t *tags, size_t count);

void lease_places_forget(struct leases *leases);

/* lease_holder.c */
void lease_holder_start(struct process *process);

#endif
