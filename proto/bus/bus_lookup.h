/* Looking up a host name without blocking the loop, by c-ares: /etc/hosts, then DNS, as
 * /etc/nsswitch.conf and /etc/resolv.conf say, which are read for each lookup. Private to the bus.
 */
#ifndef TRACTION_BUS_LOOKUP_H
#define TRACTION_BUS_LOOKUP_H

#include "loop.h"
#include "str.h"

struct bus_lookup;

/* The addresses as ZeroMQ takes them, separated by line feeds; none when the name does not resolve.
 * Of a host that has both kinds only the IPv4 addresses, or each process would count as two. */
typedef void bus_lookup_fn(void *argument, struct str addresses);

/* `found` is called once, later. */
struct bus_lookup *bus_lookup_new(struct loop *loop, const char *host, const char *port,
                                  bus_lookup_fn *found, void *argument);
/* Also before it has ended, and from inside `found`. */
void bus_lookup_destroy(struct bus_lookup **lookup);

#endif
