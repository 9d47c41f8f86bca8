/* Requests per user and minute. */
#ifndef TRACTION_RATE_H
#define TRACTION_RATE_H

#include <stdint.h>

#include "str.h"

struct rate;

struct rate *rate_new(int64_t per_minute);
void rate_destroy(struct rate **rate);

/* 0 when the request may go on, else the seconds until one may. */
int rate_take(struct rate *rate, struct str tenant, struct str user, int64_t now_us);

#endif
