/* Forwards a call to its service and answers with the reply. */
#ifndef TRACTION_FORWARD_H
#define TRACTION_FORWARD_H

#include "gateway.h"

/* `body` is packed; absent when the request has none. Leads to the call's answer. */
void forward(struct call *call, struct str body);
/* Fills call->request with what every request over the bus says. */
void forward_fill(struct call *call, struct str body);

#endif
