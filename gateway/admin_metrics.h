/* What the gateway's admin listener says. */
#ifndef TRACTION_ADMIN_METRICS_H
#define TRACTION_ADMIN_METRICS_H

#include "admin.h"
#include "gateway.h"

/* NULL with a log line when it cannot listen. */
struct admin *admin_metrics_open(struct gateway *gateway);

#endif
