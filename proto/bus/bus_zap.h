/* ZeroMQ's question who may come in (ZAP, RFC 27), and the answer: one socket for all guards of the
 * process. It exists while there are guards. Private to the bus. czmq's zauth knows neither roles
 * nor domains, and is a thread. */
#ifndef TRACTION_BUS_ZAP_H
#define TRACTION_BUS_ZAP_H

#include <stdbool.h>

#include "loop.h"

/* Whether somebody with a listed key of `role` may come in. */
typedef bool bus_zap_admits_fn(const void *guard, const char *role);

/* `admits` is asked about the peers of sockets that were locked with `domain`. */
void bus_zap_add(struct loop *loop, const char *domain, bus_zap_admits_fn *admits,
                 const void *guard);
void bus_zap_remove(const void *guard);

#endif
