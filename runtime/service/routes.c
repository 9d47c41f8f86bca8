/* The operations by name, with the handler that this program has for each, and how often and how
 * fast each was answered. The table of operations is hashed once, at the start. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "event_path.h"
#include "log.h"
#include "map.h"
#include "memory.h"

enum { NAME_SIZE = 80 };

struct row {
    struct map_item item; /* first, so that one is the other */
    struct operation_route route;
};

struct routes {
    struct row *rows; /* one per operation, in their order */
    struct map by_name;
};

/* A mistake in a program's table of handlers, which is as old as the table of operations. */
static void mistake(const char *operation, const char *message)
{
    log_error(message, LOG_CSTR("operation", operation));
    abort();
}

/* Whether the function has the operation's words: "kpi_attach" or "attach_kpi" for "attachKPI". As
 * letters alone, one is the other with its beginning moved to the end. */
static bool is_called_so(const char *function, const char *operation)
{
    char letters[NAME_SIZE] = "", twice[2 * NAME_SIZE] = "";
    size_t size = strlen(operation), count = 0;

    assert(size < NAME_SIZE && strlen(function) < NAME_SIZE);
    for (; *function; function++)
        if (*function != '_')
            letters[count++] = *function;
    for (size_t i = 0; i < 2 * size; i++) {
        char c = operation[i % size];
        twice[i] = (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
    }
    return count == size && strstr(twice, letters) != NULL;
}

static void bind(struct routes *routes, const struct service_program *program,
                 const struct handler *handler)
{
    struct operation_route *route = routes_find(routes, str_of(handler->operation));

    if (!route || (route->operation->service != program->service &&
                   route->operation->service != SERVICE_EVERY))
        mistake(handler->operation, "a handler without an operation of its own");
    else if (route->run)
        mistake(handler->operation, "an operation with two handlers");
    else if (handler->name && !is_called_so(handler->name, handler->operation))
        mistake(handler->operation, "a handler with another name than its operation");
    else
        route->run = handler->run;
}

/* An operation without a handler is a forgotten row, since table and program are built together.
 * Streams are served by the gateway. */
static void check_unhandled(const struct routes *routes, const struct service_program *program)
{
    for (size_t i = 0; i < operation_count && !program->partial; i++)
        if (operations[i].service == program->service && operations[i].shape != REPLY_STREAM &&
            !routes->rows[i].route.run)
            mistake(operations[i].name, "an operation without a handler");
}

struct routes *routes_new(const struct service_program *program)
{
    static const struct handler common[] = {
        HANDLER("ping", ping), HANDLER("learnPerson", person_learn),
        HANDLER("eventsSince", events_since), HANDLER("tellConsumed", consumed_tell)};
    struct routes *routes = xcalloc(1, sizeof *routes);

    routes->rows = xcalloc(operation_count, sizeof *routes->rows);
    map_init(&routes->by_name, operation_count);
    for (size_t i = 0; i < operation_count; i++) {
        routes->rows[i].route.operation = &operations[i];
        routes->rows[i].item.key = str_of(operations[i].name);
        map_add(&routes->by_name, &routes->rows[i].item);
    }
    for (size_t i = 0; i < sizeof common / sizeof *common; i++)
        bind(routes, program, &common[i]);
    for (const struct handler *handler = program->handlers; handler->operation; handler++)
        bind(routes, program, handler);
    check_unhandled(routes, program);
    for (size_t i = 0; i < operation_count; i++)
        if (operations[i].read_again)
            routes->rows[i].route.read_again =
                routes_find(routes, str_of(operations[i].read_again));
    return routes;
}

void routes_destroy(struct routes **routes)
{
    if (!*routes)
        return;
    map_free(&(*routes)->by_name);
    free((*routes)->rows);
    free(*routes);
    *routes = NULL;
}

struct operation_route *routes_find(const struct routes *routes, struct str operation)
{
    struct row *row = (struct row *)map_find(&routes->by_name, operation);

    return row ? &row->route : NULL;
}

void routes_collect(const struct routes *routes, struct metrics *metrics)
{
    static const struct answer_metrics names = {"traction_requests_total", "Requests answered.",
                                                "traction_request_seconds",
                                                "Time from a request's arrival to its answer."};
    char labels[160];

    for (size_t i = 0; i < operation_count; i++) {
        snprintf(labels, sizeof labels, "operation=\"%s\"", operations[i].name);
        answers_collect(&routes->rows[i].route.answers, metrics, &names, labels, labels);
    }
}
