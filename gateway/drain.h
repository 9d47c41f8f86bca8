/* How a gateway ends: nobody's request fails because of it. First it goes on serving, but says with
 * every answer that the connection ends, until no client is left that could still send a request on
 * a connection of before, or half of TRACTION_DRAIN_MS is over: a client that has been silent for
 * that long does not come back in the very moment in which its connection is closed. Then it stops
 * to listen, sends its streams away, and ends when nothing is under way. */
#ifndef TRACTION_DRAIN_H
#define TRACTION_DRAIN_H

#include <stdbool.h>

#include "gateway.h"

struct drain;

/* Stops the loop in the end. When not `patient` silent connections are not waited for. */
struct drain *drain_new(struct gateway *gateway, bool patient);
void drain_destroy(struct drain **drain);

#endif
