/* The programs, one row each. */
#include "services.h"

const char *const service_names[SERVICE_COUNT] = {
    "gateway", "svc-goals", "svc-kpis", "svc-operations", "svc-analytics", "svc-realtime"};

const enum config_key service_endpoint_keys[SERVICE_COUNT] = {
    [SERVICE_GOALS] = CONFIG_GOALS_ENDPOINTS,
    [SERVICE_KPIS] = CONFIG_KPIS_ENDPOINTS,
    [SERVICE_OPERATIONS] = CONFIG_OPERATIONS_ENDPOINTS,
    [SERVICE_ANALYTICS] = CONFIG_ANALYTICS_ENDPOINTS,
    [SERVICE_REALTIME] = CONFIG_REALTIME_ENDPOINTS,
};
