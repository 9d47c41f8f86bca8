/* The addresses of a service: a list of endpoints, of which tcp ones with a host name are resolved
 * periodically, so that replicas can be added and removed without configuration. Private to the
 * bus. */
#ifndef TRACTION_BUS_NAMES_H
#define TRACTION_BUS_NAMES_H

#include <stddef.h>

#include "loop.h"
#include "str.h"

struct bus_names;

/* The addresses that the endpoint number `source` stands for now, as ZeroMQ takes them, separated
 * by line feeds. Called from inside bus_names_new for fixed addresses. */
typedef void bus_names_fn(void *argument, size_t source, struct str addresses);

/* `endpoints` is separated by commas. */
struct bus_names *bus_names_new(struct loop *loop, const char *endpoints, bus_names_fn *found,
                                void *argument);
void bus_names_destroy(struct bus_names **names);

#endif
