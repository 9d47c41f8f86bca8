/* Forwards a call to its service and answers with the reply. */
#ifndef TRACTION_FORWARD_H
#define TRACTION_FORWARD_H

#include "gateway.h"

/* `body` is packed; absent when the request has none. Leads to the call's answer. */
void forward(struct call *call, struct str body);

#endif
