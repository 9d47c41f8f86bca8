/* What both ends of the bus share: the one ZeroMQ context of the process and a socket in the loop.
 * Only proto/bus includes zmq.h. */
#ifndef TRACTION_BUS_H
#define TRACTION_BUS_H

#include <stddef.h>

#include "loop.h"

/* The process's context, made at first use; bus_shutdown ends it after all sockets are closed. */
void *bus_context(void);
void bus_shutdown(void);

/* Watches a ZeroMQ socket: `ready` is called in every turn in which the socket may be readable. It
 * must read until EAGAIN (ZMQ_FD is edge-triggered; the watcher looks at ZMQ_EVENTS before the loop
 * sleeps, so nothing is missed after a send). */
struct bus_watch;
struct bus_watch *bus_watch_new(struct loop *loop, void *socket, void (*ready)(void *argument), void *argument);
void bus_watch_destroy(struct bus_watch **watch);

/* The options every socket of ours has: linger 0, heartbeats, MAXMSGSIZE, high-water marks. */
void bus_socket_defaults(void *socket);

/* "ipc://<TRACTION_BUS_DIR>/svc-goals.sock" unless configured. Static storage per service. */
const char *bus_default_endpoint(const char *bus_dir, const char *service, char *text, size_t size);

#endif
