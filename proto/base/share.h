/* How much of something that is bounded one tenant may use: as much as is left for all others
 * (dynamic thresholds: Choudhury, Hahne, "Dynamic Queue Length Thresholds for Shared-Memory Packet
 * Switches", IEEE/ACM Transactions on Networking 1998). One tenant alone gets half of it, k tenants
 * a (k+1)th each, and a new one always finds room. */
#ifndef TRACTION_SHARE_H
#define TRACTION_SHARE_H

#include <stdbool.h>
#include <stdint.h>

/* Whether a tenant that uses so much may use `more`, while so much is free. */
static inline bool share_allows(int64_t used, int64_t free, int64_t more)
{
    return used + more <= free;
}

#endif
