/* Health checks: whether the gateway, every service and every database answer. */
#ifndef TRACTION_HEALTH_H
#define TRACTION_HEALTH_H

struct call;
struct gateway;
struct health;

struct health *health_new(struct gateway *gateway);
void health_destroy(struct health **health); /* after the bus clients ended their calls */

/* Answers /health, /health/live, /health/ready or /health/detailed, by the call's operation. */
void health_answer(struct health *health, struct call *call);
/* For the admin listener: NULL when ready, else what is missing. Sends no requests. */
const char *health_missing(struct health *health);

#endif
