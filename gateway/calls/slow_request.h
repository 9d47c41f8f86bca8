/* The log line of a slow request: where its time went. */
#ifndef TRACTION_SLOW_REQUEST_H
#define TRACTION_SLOW_REQUEST_H

#include "call.h"

/* If it is one, and lines are left in this second (slow_log.h). `us` is the time that it took; the
 * log's context is the call's. */
void slow_request_log(struct call *call, int http, int64_t us);

#endif
