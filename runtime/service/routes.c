/* The operations by name, with the handler that this program has for each, and how often and how
 * fast each was answered. The table of operations is hashed once, at the start. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "event_path.h"
#include "log.h"

struct routes {
    struct route *items; /* one per operation, in their order */
    struct route **slots;
    size_t mask;
};

static size_t hash_of(struct str name)
{
    uint64_t hash = 14695981039346656037u; /* FNV-1a */

    for (size_t i = 0; i < name.size; i++)
        hash = (hash ^ (unsigned char)name.data[i]) * 1099511628211u;
    return (size_t)(hash ^ (hash >> 32));
}

/* The slot of that name, or the free one where it belongs. */
static struct route **slot_of(const struct routes *routes, struct str name)
{
    size_t at = hash_of(name) & routes->mask;

    while (routes->slots[at] && !str_equal(name, str_of(routes->slots[at]->operation->name)))
        at = (at + 1) & routes->mask;
    return &routes->slots[at];
}

/* A handler for an operation that is not this service's is a mistake in its table. */
static void bind(struct routes *routes, const struct service_program *program,
                 const struct handler *handler)
{
    struct route *route = routes_find(routes, str_of(handler->operation));

    if (!route || route->run ||
        (route->operation->service != program->service &&
         route->operation->service != SERVICE_EVERY)) {
        log_error("a handler without an operation of its own",
                  LOG_CSTR("operation", handler->operation));
        abort();
    }
    route->run = handler->run;
}

/* An operation without a handler is a forgotten row, since table and program are built together.
 * Streams are served by the gateway. */
static void tell_unhandled(const struct routes *routes, enum service service)
{
    for (size_t i = 0; i < operation_count; i++)
        if (operations[i].service == service && operations[i].shape != REPLY_STREAM &&
            !routes->items[i].run)
            log_warning("an operation without a handler answers 501",
                        LOG_CSTR("operation", operations[i].name));
}

struct routes *routes_new(const struct service_program *program)
{
    static const struct handler common[] = {
        {"ping", ping_run}, {"learnPerson", learn_person_run}, {"eventsSince", events_since_run}};
    struct routes *routes = calloc(1, sizeof *routes);
    size_t size = 64;

    while (size < operation_count * 2)
        size *= 2;
    if (!routes || !(routes->items = calloc(operation_count, sizeof *routes->items)) ||
        !(routes->slots = calloc(size, sizeof(struct route *))))
        abort();
    routes->mask = size - 1;
    for (size_t i = 0; i < operation_count; i++) {
        routes->items[i].operation = &operations[i];
        *slot_of(routes, str_of(operations[i].name)) = &routes->items[i];
    }
    for (size_t i = 0; i < sizeof common / sizeof *common; i++)
        bind(routes, program, &common[i]);
    for (const struct handler *handler = program->handlers; handler->operation; handler++)
        bind(routes, program, handler);
    tell_unhandled(routes, program->service);
    return routes;
}

void routes_destroy(struct routes **routes)
{
    if (!*routes)
        return;
    free((*routes)->items);
    free((*routes)->slots);
    free(*routes);
    *routes = NULL;
}

struct route *routes_find(const struct routes *routes, struct str operation)
{
    return *slot_of(routes, operation);
}

void route_count(struct route *route, int http, int64_t us)
{
    size_t i = 0;

    while (i < OUTCOMES_MOST - 1 && route->outcomes[i].http != http && route->outcomes[i].http != 0)
        i++;
    route->outcomes[i].http = http;
    route->outcomes[i].count++;
    histogram_add(&route->latency, us);
}

void routes_collect(const struct routes *routes, struct metrics *metrics)
{
    char labels[160];

    for (size_t i = 0; i < operation_count; i++) {
        const struct route *route = &routes->items[i];
        if (route->latency.count == 0)
            continue;
        for (size_t k = 0; k < OUTCOMES_MOST && route->outcomes[k].http; k++) {
            snprintf(labels, sizeof labels, "operation=\"%s\",status=\"%d\"",
                     route->operation->name, route->outcomes[k].http);
            metrics_counter(metrics, "traction_requests_total", "Requests answered.", labels,
                            (double)route->outcomes[k].count);
        }
        snprintf(labels, sizeof labels, "operation=\"%s\"", route->operation->name);
        metrics_histogram(metrics, "traction_request_seconds",
                          "Time from a request's arrival to its answer.", labels, &route->latency);
    }
}
