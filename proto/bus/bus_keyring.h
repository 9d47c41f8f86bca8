/* The keys that were loaded by bus_keys.h, for sockets. Private to the bus. */
#ifndef TRACTION_BUS_KEYRING_H
#define TRACTION_BUS_KEYRING_H

#include <stdint.h>

#include "bus_czmq.h"

/* The public key of `role`, of BUS_KEY_SIZE bytes; NULL when it is not listed. */
const uint8_t *bus_keys_public(const char *role);
/* The pair of this process; NULL without keys. */
zcert_t *bus_keys_own(void);

#endif
