/* The rules of access on the bus. */
#include "askers.h"

#include <string.h>

/* The same as the `consumes` of each program; the gateway subscribes to svc-realtime. */
static const char *const listeners[SERVICE_COUNT][SERVICE_COUNT] = {
    [SERVICE_GOALS] = {"svc-kpis", "svc-operations", "svc-analytics", "svc-realtime"},
    [SERVICE_KPIS] = {"svc-goals", "svc-analytics", "svc-realtime"},
    [SERVICE_OPERATIONS] = {"svc-analytics", "svc-realtime"},
    [SERVICE_REALTIME] = {"gateway"},
};

const char *const *listeners_of(enum service source)
{
    return listeners[source];
}

bool may_hear(enum service listener, enum service source)
{
    for (const char *const *name = listeners[source]; *name; name++)
        if (!strcmp(*name, service_names[listener]))
            return true;
    return false;
}

bool may_ask(enum service asker, const struct operation *operation, enum service callee)
{
    if (!(operation->flags & OPERATION_INTERNAL))
        return asker == SERVICE_GATEWAY;
    if (operation->askers & ASKED_BY_LISTENERS)
        return may_hear(asker, callee);
    return (operation->askers & ASKED_BY(asker)) != 0;
}

enum service service_of_role(const char *role)
{
    int service = 0;

    while (service < SERVICE_COUNT && strcmp(service_names[service], role) != 0)
        service++;
    return (enum service)service;
}
