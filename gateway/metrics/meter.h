/* Counts of what the gateway answered, for /metrics. */
#ifndef TRACTION_METER_H
#define TRACTION_METER_H

#include <stdint.h>

#include "admin.h"
#include "operation.h"

struct meter;

struct meter *meter_new(void);
void meter_destroy(struct meter **meter);

/* `operation` is NULL where no route was found. */
void meter_count(struct meter *meter, const struct operation *operation, int http, int64_t us);
/* How long a service took to answer over the bus, retries included. */
void meter_bus(struct meter *meter, enum service service, int64_t us);
void meter_collect(const struct meter *meter, struct metrics *metrics);

#endif
