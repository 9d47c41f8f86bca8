/* The programs of the product: their names, and the variables with their addresses. */
#ifndef TRACTION_SERVICES_H
#define TRACTION_SERVICES_H

#include "config.h"

enum service {
    SERVICE_GATEWAY, /* answered by the gateway itself */
    SERVICE_GOALS,
    SERVICE_KPIS,
    SERVICE_OPERATIONS,
    SERVICE_ANALYTICS,
    SERVICE_REALTIME,
    SERVICE_COUNT,
    SERVICE_EVERY = SERVICE_COUNT, /* of an internal operation that each answers for itself */
};
extern const char *const service_names[SERVICE_COUNT]; /* "gateway", "svc-goals", ... */

/* TRACTION_..._ENDPOINTS of each; none for SERVICE_GATEWAY, whom nobody calls. */
extern const enum config_key service_endpoint_keys[SERVICE_COUNT];

#endif
