/* Who comes in at a bound socket over TCP. ZeroMQ asks for every peer whose handshake proves a key
 * (ZAP, RFC 27); the guard lets in the keys that are listed. It also watches for peers that do not
 * get as far. Private to the bus. */
#ifndef TRACTION_BUS_GUARD_H
#define TRACTION_BUS_GUARD_H

#include "bus_czmq.h"
#include "loop.h"

struct bus_guard;

/* Before `socket` is bound to `endpoint`. `roles`, NULL-terminated, may come in; NULL: every listed
 * one. It lives as long as the socket. NULL when no key is needed here. */
struct bus_guard *bus_guard_new(struct loop *loop, zsock_t *socket, const char *endpoint,
                                const char *const *roles);
/* Before the socket is closed. */
void bus_guard_destroy(struct bus_guard **guard);

/* Whose message that is, by its last frame; NULL when there is no guard. */
const char *bus_guard_role(const struct bus_guard *guard, zmq_msg_t *last);
/* Where it came from; "" when that is not known. */
const char *bus_guard_address(zmq_msg_t *last);

#endif
