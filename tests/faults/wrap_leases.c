/* Faults of who tells holders of leases what has changed.
 *
 * "lose-tellings": of some changes no message reaches them, as where the network is cut. No
 * mistake: their leases are waited for. Mistakes: "wait-for-no-lease" acknowledges changes that
 * they have not heard of.
 */
#include "faults.h"
#include "lease_state.h"

enum { LOST_OF = 50 }; /* who is revoked keeps nothing for 10 s */

void __real_lease_tell(struct leases *leases, struct uuids *holders, const uint64_t *tags,
                       size_t count);
void __wrap_lease_tell(struct leases *leases, struct uuids *holders, const uint64_t *tags,
                       size_t count);

void __wrap_lease_tell(struct leases *leases, struct uuids *holders, const uint64_t *tags,
                       size_t count)
{
    static unsigned told;

    if (!fault_planted("lose-tellings") || ++told % LOST_OF != 0)
        __real_lease_tell(leases, holders, tags, count);
    if (fault_planted("wait-for-no-lease"))
        holders->count = 0;
}
