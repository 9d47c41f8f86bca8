/* Faults of who tells holders of leases what has changed.
 *
 * "lose-tellings": no message reaches them, as where the network is cut. No mistake: their leases
 * are waited for. Mistakes: "wait-for-no-lease" acknowledges changes that they have not heard of.
 */
#include "faults.h"
#include "lease_state.h"

void __real_lease_tell(struct leases *leases, struct uuids *holders, const uint64_t *tags,
                       size_t count);
void __wrap_lease_tell(struct leases *leases, struct uuids *holders, const uint64_t *tags,
                       size_t count);

void __wrap_lease_tell(struct leases *leases, struct uuids *holders, const uint64_t *tags,
                       size_t count)
{
    if (!fault_planted("lose-tellings"))
        __real_lease_tell(leases, holders, tags, count);
    if (fault_planted("wait-for-no-lease"))
        holders->count = 0;
}
