/* Access control on the bus: which service may call which operation of which service, and receive
 * whose events, by the keys that programs prove over TCP (docs/bus-security.md). Operations with a
 * route are accepted from the gateway only, because it alone has verified the tokens; the callers
 * of internal ones are named in the operation's row. */
#ifndef TRACTION_ASKERS_H
#define TRACTION_ASKERS_H

#include <stdbool.h>

#include "operation.h"

/* `callee` is the service that carries it out. */
bool may_ask(enum service asker, const struct operation *operation, enum service callee);

bool may_hear(enum service listener, enum service source);
/* The names of all that may, NULL-terminated. */
const char *const *listeners_of(enum service source);

/* SERVICE_COUNT when there is no such name. */
enum service service_of_role(const char *role);

#endif
