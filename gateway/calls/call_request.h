/* What a call's request says: its body, its query, and the request over the bus that is made of
 * it. */
#ifndef TRACTION_CALL_REQUEST_H
#define TRACTION_CALL_REQUEST_H

#include "call.h"

/* The body into call->body, where the operation has one. False when it answered that it is none. */
bool call_read_body(struct call *call);
/* Fills `target` from the query, as services do; with NOTHING no parameter is allowed. False when
 * it answered 422. */
bool call_read_query(struct call *call, struct bound target);
/* Fills call->request with what every request over the bus says. */
void call_fill_request(struct call *call, struct str body);

#endif
