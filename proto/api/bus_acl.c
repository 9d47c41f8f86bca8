/* The rules of access on the bus. */
#include "bus_acl.h"

#include <string.h>

bool acl_may_subscribe(enum service subscriber, enum service source)
{
    return service_sources[subscriber] >> source & 1;
}

const char *const *acl_subscribers(enum service source)
{
    static const char *names[SERVICE_COUNT][SERVICE_COUNT + 1];
    size_t count = 0;

    for (int subscriber = 0; subscriber < SERVICE_COUNT; subscriber++)
        if (acl_may_subscribe((enum service)subscriber, source))
            names[source][count++] = service_names[subscriber];
    return names[source];
}

bool acl_may_call(enum service caller, const struct operation *operation, enum service callee)
{
    if (!(operation->flags & OPERATION_INTERNAL))
        return caller == SERVICE_GATEWAY;
    if (operation->callers & CALLED_BY_SUBSCRIBERS)
        return acl_may_subscribe(caller, callee);
    return (operation->callers & CALLED_BY(caller)) != 0;
}

enum service service_of_role(const char *role)
{
    int service = 0;

    while (service < SERVICE_COUNT && strcmp(service_names[service], role) != 0)
        service++;
    return (enum service)service;
}
