/* A holder's lease of one service's tables (docs/goal-cache.md): from what it is asked and answered
 * to whether it is valid now. It must not ask a clock: all instants are monotonic_us(), given. */
#ifndef TRACTION_LEASE_H
#define TRACTION_LEASE_H

#include "lease_calls.h"

enum {
    LEASE_US = 300 * 1000,              /* it lasts so long from before its renewal was sent */
    LEASE_RENEW_MS = 100,               /* between renewals */
    LEASE_LIST_US = 250 * 1000,         /* a writer's list of holders may be so old */
    LEASE_START_US = 400 * 1000,        /* a new holder waits so long: more than that */
    LEASE_BARRED_US = 10 * 1000 * 1000, /* who has lost its lease holds none for so long */
    LEASE_GONE_US = 1000 * 1000, /* a revoked holder's row is deleted after that: more than LEASE_US
                                  */
};

struct lease {
    bool registered;
    int64_t usable_us; /* from then on, when registered */
    int64_t valid_us;  /* until then; 0: never renewed */
    int64_t epoch;     /* of the first renewal */
};

/* Its row was committed before `now_us`. */
void lease_begin(struct lease *lease, int64_t now_us);
/* The answer to a renewal that was sent at `sent_us`. False: it is lost, and with it whatever was
 * kept under it. */
bool lease_renewed(struct lease *lease, int64_t sent_us, const struct lease_state *state);
bool lease_is_valid(const struct lease *lease, int64_t now_us);

#endif
