/* Forwards a call to its service and answers with the reply. */
#ifndef TRACTION_FORWARD_H
#define TRACTION_FORWARD_H

#include "call.h"

/* Makes call->request and takes a place among the calls under way, which forward_send must follow.
 * False when it answered that the request is not right, or that there is no place. */
bool forward_prepare(struct call *call);
/* Leads to the call's answer. Always false, as the last step. */
bool forward_send(struct call *call);
/* The call's client has disconnected: a read is cancelled. A write continues, because the client
 * may rely on it. */
void forward_abandon(struct call *call);

#endif
