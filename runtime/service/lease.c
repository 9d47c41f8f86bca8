/* When a lease is valid. */
#include "lease.h"

void lease_begin(struct lease *lease, int64_t now_us)
{
    *lease = (struct lease){.registered = true, .usable_us = now_us + LEASE_START_US};
}

static bool is_lost(const struct lease *lease, const struct lease_state *state)
{
    return !state->held || (lease->valid_us > 0 && state->epoch != lease->epoch);
}

bool lease_renewed(struct lease *lease, int64_t sent_us, const struct lease_state *state)
{
    if (!lease->registered || is_lost(lease, state)) {
        *lease = (struct lease){.registered = false};
        return false;
    }
    if (!state->renewed)
        return true;
    lease->epoch = state->epoch;
    if (lease->valid_us < sent_us + LEASE_US)
        lease->valid_us = sent_us + LEASE_US;
    return true;
}

bool lease_is_valid(const struct lease *lease, int64_t now_us)
{
    return lease->registered && now_us >= lease->usable_us && now_us < lease->valid_us;
}
