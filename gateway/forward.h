/* Forwards a call to its service and answers with the reply. */
#ifndef TRACTION_FORWARD_H
#define TRACTION_FORWARD_H

#include "call.h"

/* Builds call->request and counts the call as in flight; forward_send must follow. False when it
 * answered that the request is invalid, or that too many calls are in flight. */
bool forward_prepare(struct call *call);
/* Leads to the call's answer. Always false, as the last step. */
bool forward_send(struct call *call);
/* The call's client has disconnected: a read is cancelled. A write continues, because the client
 * may rely on it. */
void forward_cancel(struct call *call);

#endif
