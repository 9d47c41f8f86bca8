/* Places that tenants hold, without a queue: who may take one more when they run out. While fewer
 * than `most` are held, everybody may. From there on up to a quarter more, only tenants that hold
 * less than their share, which is `most` divided by the tenants that hold some: so who has taken
 * all places cannot keep the others out. A tenant alone has no smaller share than everything. O(1);
 * a tenant that holds nothing takes no memory. */
#ifndef TRACTION_SHARES_H
#define TRACTION_SHARES_H

#include <stddef.h>

#include "str.h"

struct shares;
struct share; /* of a tenant */

enum share_verdict {
    SHARE_TAKEN,
    SHARE_USED_UP, /* the tenant's own, and others hold places */
    SHARE_FULL,    /* nobody may take any, or the tenant holds all of them alone */
};

struct shares *shares_new(size_t most);
/* What is held still is not to be given back any more. */
void shares_destroy(struct shares **shares);

/* `*share` is what is to be given back; NULL unless it is taken. */
enum share_verdict shares_take(struct shares *shares, struct str tenant, struct share **share);
/* Sets it to NULL; does nothing when it is. */
void shares_give_back(struct shares *shares, struct share **share);
size_t shares_held(const struct shares *shares);

#endif
