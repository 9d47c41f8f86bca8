/* Requests per minute, of each user and of each tenant. */
#ifndef TRACTION_RATE_H
#define TRACTION_RATE_H

#include <stdint.h>

#include "str.h"

struct rate;

enum rate_of { RATE_USER, RATE_TENANT, RATE_COUNT };

/* 0 means unlimited. */
struct rate *rate_new(int64_t per_user, int64_t per_tenant);
void rate_destroy(struct rate **rate);

/* 0 when the request may go on, else the seconds until one may; `*of` says whose limit it is. A
 * request that may not go on counts against none. */
int rate_take(struct rate *rate, struct str tenant, struct str user, int64_t now_us,
              enum rate_of *of);
/* Requests that were refused. */
uint64_t rate_refused(const struct rate *rate, enum rate_of of);

#endif
