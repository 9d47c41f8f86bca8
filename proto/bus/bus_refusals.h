/* Refused peers and calls: counted, and logged at most once a second for each reason, so that an
 * attacker cannot fill the disk. */
#ifndef TRACTION_BUS_REFUSALS_H
#define TRACTION_BUS_REFUSALS_H

#include <stdint.h>

enum bus_refusal {
    BUS_REFUSED_HANDSHAKE, /* no key, another protocol, or too slow */
    BUS_REFUSED_KEY,       /* a key that is not listed */
    BUS_REFUSED_ROLE,      /* a listed key that may not receive these events */
    BUS_REFUSED_OPERATION, /* a listed key that may not call this operation */
    BUS_REFUSAL_COUNT
};
extern const char *const bus_refusal_names[BUS_REFUSAL_COUNT]; /* "handshake", ... */

/* `address` is the peer's, "" when it is not known; `role` likewise; `detail` is one word or two.
 */
void bus_refused(enum bus_refusal reason, const char *address, const char *role,
                 const char *detail);
/* Since the process began. */
uint64_t bus_refusals(enum bus_refusal reason);

#endif
