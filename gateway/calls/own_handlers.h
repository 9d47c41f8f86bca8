/* The operations that the gateway carries out itself, each with its handler; all others are
 * forwarded. */
#ifndef TRACTION_OWN_HANDLERS_H
#define TRACTION_OWN_HANDLERS_H

#include "call.h"

/* A row of a module's table. */
struct own_handler {
    const char *operation; /* name in the table of operations; NULL ends the table */
    void (*run)(void *module, struct call *call); /* leads to the call's answer */
};

struct own_handlers;

struct own_handlers *own_handlers_new(void);
void own_handlers_destroy(struct own_handlers **handlers);

/* `module` is what the handlers of this table get. */
void own_handlers_add(struct own_handlers *handlers, const struct own_handler *table, void *module);
/* False with a log line when an operation of the gateway's has no handler. */
bool own_handlers_complete(const struct own_handlers *handlers);
/* False: the operation is not the gateway's own. */
bool own_handlers_run(const struct own_handlers *handlers, struct call *call);
bool own_handlers_have(const struct own_handlers *handlers, const struct operation *operation);

#endif
