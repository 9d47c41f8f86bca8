/* Draining: how a gateway ends without failing a request. First it goes on serving, but closes the
 * connection with every answer, until no client is left that could still send a request on an older
 * connection, or half of TRACTION_DRAIN_MS is over: a client that was idle for that long is
 * unlikely to send a request just when its connection is closed. Then it stops listening, ends its
 * streams, and exits when nothing is in flight. */
#ifndef TRACTION_DRAIN_H
#define TRACTION_DRAIN_H

#include <stdbool.h>

#include "gateway.h"

struct drain;

/* Stops the loop when drained. Without `patient` it does not wait for idle connections. */
struct drain *drain_new(struct gateway *gateway, bool patient);
void drain_destroy(struct drain **drain);

#endif
