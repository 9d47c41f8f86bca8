/* Forwards a call to its service and answers with the reply. */
#ifndef TRACTION_FORWARD_H
#define TRACTION_FORWARD_H

#include "gateway.h"

/* `body` is packed; absent when the request has none. Leads to the call's answer. */
void forward(struct call *call, struct str body);
/* The call's client has disconnected: a read is cancelled. A write continues, because the client
 * may rely on it. */
void forward_abandon(struct call *call);
/* Fills `target` from the query, as services do; with NOTHING no parameter is allowed. False when
 * it answered 422. */
bool forward_query(struct call *call, struct bound target);
/* Fills call->request with what every request over the bus says. */
void forward_fill(struct call *call, struct str body);
/* The first request of a newer token waits until the services know the caller's name. True:
 * `next(call)` is called then; false: go on at once. */
bool forward_introduces(struct call *call, void (*next)(void *call));

#endif
