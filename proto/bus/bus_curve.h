/* Connections with keys: over TCP, when keys are loaded. Private to the bus. */
#ifndef TRACTION_BUS_CURVE_H
#define TRACTION_BUS_CURVE_H

#include <stdbool.h>

#include "bus_czmq.h"

/* Connects to an address of `service`; over TCP as somebody with a key, to nobody else. False when
 * that cannot be: as zmq_errno() says. */
bool bus_connect(zsock_t *socket, const char *address, const char *service);
/* Before the bind: whoever comes to `socket` has to prove a key, and bus_zap.h is asked about it in
 * `domain`; it has to be there first, because where nobody is asked ZeroMQ takes every key. False
 * when none is needed at this endpoint. */
bool bus_require_key(zsock_t *socket, const char *endpoint, const char *domain);

#endif
