/* Counts of what the gateway answered, for /metrics. */
#ifndef TRACTION_CALL_METRICS_H
#define TRACTION_CALL_METRICS_H

#include <stdint.h>

#include "admin.h"
#include "operation.h"

struct call_metrics;

struct call_metrics *call_metrics_new(void);
void call_metrics_destroy(struct call_metrics **call_metrics);

/* `operation` is NULL where no route was found. */
void call_metrics_count(struct call_metrics *call_metrics, const struct operation *operation,
                        int http, int64_t us);
/* How long a service took to answer over the bus, retries included. */
void call_metrics_bus(struct call_metrics *call_metrics, enum service service, int64_t us);
void call_metrics_collect(const struct call_metrics *call_metrics, struct metrics *metrics);

#endif
