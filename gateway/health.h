/* Health checks: whether the gateway, every service and every database answer. */
#ifndef TRACTION_HEALTH_H
#define TRACTION_HEALTH_H

#include "own_handlers.h"

struct health;

struct gateway;

/* The gateway outlives it; its upstream is there already. */
struct health *health_new(const struct gateway *gateway);
void health_destroy(struct health **health); /* after the bus clients ended their calls */

/* Of /health, /health/live, /health/ready and /health/detailed; their module is a struct health. */
extern const struct own_handler health_handlers[];
/* For the admin listener: NULL when ready, else what is missing. Sends no requests. */
const char *health_missing(struct health *health);

#endif
