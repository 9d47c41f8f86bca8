/* The programs of the product, as services.def lists them: their names, the variables with their
 * addresses, and whose events they consume. */
#ifndef TRACTION_SERVICES_H
#define TRACTION_SERVICES_H

#include "config.h"

enum service {
    SERVICE_GATEWAY, /* answered by the gateway itself */
#define SERVICE(id, ...) SERVICE_##id,
#include "services.def"
#undef SERVICE
    SERVICE_COUNT,
    SERVICE_EVERY = SERVICE_COUNT, /* of an internal operation that each answers for itself */
};
extern const char *const service_names[SERVICE_COUNT]; /* "gateway", "svc-goals", ... */

/* "goals", ...: the schema in the database; NULL for SERVICE_GATEWAY, which has none. */
extern const char *const service_schemas[SERVICE_COUNT];

/* TRACTION_..._ENDPOINTS of each; none for SERVICE_GATEWAY, whom nobody calls. */
extern const enum config_key service_endpoint_keys[SERVICE_COUNT];

/* Whose events each consumes: a set of 1 << service. */
extern const unsigned service_sources[SERVICE_COUNT];

#endif
