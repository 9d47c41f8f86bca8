/* The rules of access on the bus. */
#include "askers.h"

#include <string.h>

bool may_hear(enum service listener, enum service source)
{
    return service_sources[listener] >> source & 1;
}

const char *const *listeners_of(enum service source)
{
    static const char *names[SERVICE_COUNT][SERVICE_COUNT + 1];
    size_t count = 0;

    for (int listener = 0; listener < SERVICE_COUNT; listener++)
        if (may_hear((enum service)listener, source))
            names[source][count++] = service_names[listener];
    return names[source];
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
