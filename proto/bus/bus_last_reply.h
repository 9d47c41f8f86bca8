/* The reply to the request that made the process crash. Private to the bus. Called from another
 * thread than the socket's, which is blocked; of that thread's data it uses only the socket and
 * `pending`. */
#ifndef TRACTION_BUS_LAST_REPLY_H
#define TRACTION_BUS_LAST_REPLY_H

#include "bus_czmq.h"
#include "bus_pending.h"

/* Sends it on the ROUTER and waits for the caller's acknowledgement, which is a cancelling request:
 * ZeroMQ does not say when it has sent. Callers that know no `fatal` do not acknowledge. */
void bus_last_reply(zsock_t *server, struct pending_request *pending);

#endif
