/* Access control of a bound socket over TCP. ZeroMQ asks (ZAP, RFC 27) about every peer whose
 * handshake proves a key; the guard accepts the listed keys. It also counts peers whose handshake
 * fails. Private to the bus. */
#ifndef TRACTION_BUS_GUARD_H
#define TRACTION_BUS_GUARD_H

#include "bus_czmq.h"
#include "loop.h"

struct bus_guard;

/* Before `socket` is bound to `endpoint`. `roles`, NULL-terminated, may connect; NULL: every listed
 * role. It lives as long as the socket. Returns NULL when no key is needed at this endpoint. */
struct bus_guard *bus_guard_new(struct loop *loop, zsock_t *socket, const char *endpoint,
                                const char *const *roles);
/* Before the socket is closed. */
void bus_guard_destroy(struct bus_guard **guard);

/* Whose message that is, by its last frame; NULL when there is no guard. */
const char *bus_guard_role(const struct bus_guard *guard, zmq_msg_t *last);
/* Where it came from; "" when that is not known. */
const char *bus_guard_address(zmq_msg_t *last);

#endif
