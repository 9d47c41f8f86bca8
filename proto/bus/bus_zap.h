/* ZeroMQ's question who may come in, and the answer: one socket for all guards of the process. It
 * exists while there are guards. Private to bus_guard.c. */
#ifndef TRACTION_BUS_ZAP_H
#define TRACTION_BUS_ZAP_H

#include "bus_guard.h"

/* Peers of the sockets that were locked with `domain` are the guard's. */
void bus_zap_add(struct loop *loop, const char *domain, struct bus_guard *guard);
void bus_zap_remove(struct bus_guard *guard);

#endif
