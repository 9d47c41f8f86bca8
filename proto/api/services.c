/* The table of services.def, and the gateway before it. */
#include "services.h"

const char *const service_names[SERVICE_COUNT] = {
    "gateway",
#define SERVICE(id, name, ...) "svc-" #name,
#include "services.def"
#undef SERVICE
};

const char *const service_schemas[SERVICE_COUNT] = {
    NULL,
#define SERVICE(id, name, ...) #name,
#include "services.def"
#undef SERVICE
};

const enum config_key service_endpoint_keys[SERVICE_COUNT] = {
#define SERVICE(id, ...) [SERVICE_##id] = CONFIG_##id##_ENDPOINTS,
#include "services.def"
#undef SERVICE
};

/* The gateway hears what svc-realtime writes to its streams. */
const unsigned service_sources[SERVICE_COUNT] = {
    1u << SERVICE_REALTIME,
#define CONSUMES(id) | 1u << SERVICE_##id
/* `sources` begins with an operator. NOLINTBEGIN(bugprone-macro-parentheses) */
#define SERVICE(id, name, sources) 0 sources,
/* NOLINTEND(bugprone-macro-parentheses) */
#include "services.def"
#undef SERVICE
#undef CONSUMES
};
