/* Refusals of strangers, who have shown no good token: counted, and told once a second for each
 * code, because a line for each would let anybody fill the disk. */
#ifndef TRACTION_REFUSALS_H
#define TRACTION_REFUSALS_H

#include "loop.h"
#include "status.h"
#include "str.h"

struct refusals;

/* One that stands for all others of its second. */
struct refusal {
    struct str request_id, method, path; /* as loggable.h gives them; the path may be absent */
    int http;
};

struct refusals *refusals_new(struct loop *loop);
/* Tells what is left. */
void refusals_destroy(struct refusals **refusals);

void refusals_count(struct refusals *refusals, enum status status, const struct refusal *refusal);

#endif
