/* The handlers of the gateway's own operations, in an array indexed by operation. */
#include "own_handlers.h"

#include <assert.h>
#include <stdlib.h>

#include "memory.h"

struct own_slot {
    void (*run)(void *module, struct call *call); /* NULL: not the gateway's own */
    void *module;
};

struct own_handlers {
    struct own_slot *slots; /* in the order of the operations */
};

struct own_handlers *own_handlers_new(void)
{
    struct own_handlers *handlers = xcalloc(1, sizeof *handlers);

    handlers->slots = xcalloc(operation_count, sizeof *handlers->slots);
    return handlers;
}

void own_handlers_destroy(struct own_handlers **handlers)
{
    if (!*handlers)
        return;
    free((*handlers)->slots);
    free(*handlers);
    *handlers = NULL;
}

static bool is_own(const struct operation *operation)
{
    return operation->service == SERVICE_GATEWAY || operation->shape == REPLY_STREAM;
}

void own_handlers_add(struct own_handlers *handlers, const struct own_handler *table, void *module)
{
    for (; table->operation; table++) {
        const struct operation *operation = operation_find(str_of(table->operation));
        assert(operation && is_own(operation));
        struct own_slot *slot = &handlers->slots[operation - operations];
        assert(!slot->run);
        *slot = (struct own_slot){table->run, module};
    }
}

bool own_handlers_complete(const struct own_handlers *handlers)
{
    bool complete = true;

    for (size_t i = 0; i < operation_count; i++) {
        if (!is_own(&operations[i]) || handlers->slots[i].run)
            continue;
        log_error("an operation of the gateway has no handler",
                  LOG_CSTR("operation", operations[i].name));
        complete = false;
    }
    return complete;
}

bool own_handlers_have(const struct own_handlers *handlers, const struct operation *operation)
{
    return handlers->slots[operation - operations].run != NULL;
}

bool own_handlers_run(const struct own_handlers *handlers, struct call *call)
{
    const struct own_slot *slot = &handlers->slots[call->route.operation - operations];

    if (!slot->run)
        return false;
    slot->run(slot->module, call);
    return true;
}
