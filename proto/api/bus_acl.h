/* Access control on the bus: which service may call which operation of which service, and receive
 * whose events, by the keys that programs prove over TCP (docs/bus-security.md). Operations with a
 * route are accepted from the gateway only, because it alone has verified the tokens; the callers
 * of internal ones are named in the operation's row. */
#ifndef TRACTION_BUS_ACL_H
#define TRACTION_BUS_ACL_H

#include <stdbool.h>

#include "operation.h"

/* `callee` is the service that carries it out. */
bool acl_may_call(enum service caller, const struct operation *operation, enum service callee);

bool acl_may_subscribe(enum service subscriber, enum service source);
/* The names of all that may, NULL-terminated. */
const char *const *acl_subscribers(enum service source);

/* SERVICE_COUNT when there is no such name. */
enum service service_of_role(const char *role);

#endif
