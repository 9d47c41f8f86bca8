/* Faults of who tells holders of leases what has changed.
 *
 * Mistakes: "tell-nobody" acknowledges changes without telling them, and waits for no lease. */
#include "faults.h"
#include "lease_state.h"

void __real_lease_tell(struct leases *leases, struct uuids *holders, const uint64_t *tags,
                       size_t count);
void __wrap_lease_tell(struct leases *leases, struct uuids *holders, const uint64_t *tags,
                       size_t count);

void __wrap_lease_tell(struct leases *leases, struct uuids *holders, const uint64_t *tags,
                       size_t count)
{
    if (fault_planted("tell-nobody"))
        holders->count = 0;
    else
        __real_lease_tell(leases, holders, tags, count);
}
