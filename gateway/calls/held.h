/* The bytes of bodies and answers that the gateway holds for its clients: TRACTION_HELD_BYTES in
 * all, of which a tenant may have its share. Small ones are not counted; connections bound them. */
#ifndef TRACTION_HELD_H
#define TRACTION_HELD_H

#include "map.h"
#include "status.h"

enum { HELD_MIN = 65536 }; /* what is smaller is not counted */

struct held;
struct held_tenant;

/* What one call holds; zero: nothing. */
struct hold {
    struct held_tenant *tenant;
    size_t bytes;
};

struct held *held_new(size_t max);
void held_destroy(struct held **held); /* when nothing is held any more */

/* So many bytes more. STATUS_RATE_LIMITED: the tenant has its share; STATUS_SERVICE_UNAVAILABLE:
 * all are taken; nothing is noted then. */
enum status held_take(struct held *held, struct hold *hold, struct str tenant, size_t bytes);
/* The same of what exists already and cannot be refused. */
void held_add(struct held *held, struct hold *hold, struct str tenant, size_t bytes);
void held_give(struct held *held, struct hold *hold);

size_t held_bytes(const struct held *held);
/* How often held_take has refused, because of a tenant's share, or for want of room for anybody. */
struct held_refusals {
    uint64_t share, full;
};
struct held_refusals held_refusals(const struct held *held);

#endif
