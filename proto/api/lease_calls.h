/* Leases on what a service's tables say (docs/goal-cache.md): the operations by which replicas of
 * svc-goals hold them, and are told what has changed. They are called by services, without a user
 * and in no tenant's name.
 *
 * registerHolder and renewLease are asked with a struct lease_holder; the latter is answered a
 * struct lease_state. invalidateGoals is asked with a struct invalidation, and answered a struct
 * lease_holder once what it names is not answered any more: who holds no lease is absent. */
#ifndef TRACTION_LEASE_CALLS_H
#define TRACTION_LEASE_CALLS_H

#include <stddef.h>

#include "model.h"

struct lease_holder {
    struct uuid holder;
    bool ends; /* of registerHolder: it holds none any more */
};
extern const struct model lease_holder_model;

struct lease_state {
    bool renewed;  /* false: not at this moment */
    bool held;     /* false: revoked */
    int64_t epoch; /* another one than before: something has changed that nobody was told of */
};
extern const struct model lease_state_model;

struct invalidation {
    struct packed tags; /* an array of them, as integers; empty: everything */
};
extern const struct model invalidation_model;

/* What is kept depends on tags: hashes of "<tenant>\n<id>", the same in every process, for each id
 * that it shows, and of "<tenant>\n", for the tenant as a whole. */
uint64_t invalidation_tag(struct str name);

#endif
