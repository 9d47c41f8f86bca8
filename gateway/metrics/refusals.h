/* Refusals of unauthenticated requests: counted, and logged once a second for each code, because a
 * log line for each request would let anybody fill the disk. */
#ifndef TRACTION_REFUSALS_H
#define TRACTION_REFUSALS_H

#include "loop.h"
#include "status.h"
#include "str.h"

struct refusals;

/* One that is logged for all others of its second. */
struct refusal {
    struct str request_id, method, path; /* as loggable.h gives them; the path may be absent */
    int http;
};

struct refusals *refusals_new(struct loop *loop);
/* Logs what is left. */
void refusals_destroy(struct refusals **refusals);

void refusals_count(struct refusals *refusals, enum status status, const struct refusal *refusal);

#endif
