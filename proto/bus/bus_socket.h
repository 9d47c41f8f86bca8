/* A ZeroMQ socket with the options of ours, in the loop. Private to the bus. Sockets are czmq's
 * zsock; messages go by zmq_msg over zsock_resolve(), because czmq's own cost twice as much. */
#ifndef TRACTION_BUS_SOCKET_H
#define TRACTION_BUS_SOCKET_H

#include <stdbool.h>
#include <stdint.h>

#include "bus_czmq.h"
#include "loop.h"

/* A new socket with the options that every socket of ours has: linger 0, heartbeats, MAXMSGSIZE,
 * high-water marks. It belongs to the process's context. Aborts when there are too many. */
zsock_t *bus_socket_new(int type);
/* ZMQ_EVENTS; -1 when a signal came between. */
int bus_socket_events(zsock_t *socket);

/* A monitor: a socket that receives the `events` (ZMQ_EVENT_...) of `socket`. */
zsock_t *bus_monitor_new(zsock_t *socket, int events);
/* To be called before `socket` is closed. */
void bus_monitor_destroy(zsock_t **monitor, zsock_t *socket);
/* The next event with its value; false when there is none now. */
bool bus_monitor_next(zsock_t *monitor, int *event, int *value);

/* Watches a ZeroMQ socket: `ready` is called when the socket may be readable. It must read until
 * EAGAIN, because ZMQ_FD is edge-triggered, or until bus_watch_take says no. Destroy the watch
 * before the socket is closed; also from inside `ready`. */
struct bus_watch;
struct bus_watch *bus_watch_new(struct loop *loop, zsock_t *socket, void (*ready)(void *argument),
                                void *argument);
void bus_watch_destroy(struct bus_watch **watch);
/* To be called after every send on the watched socket: sending may swallow the edge, so that the
 * watcher has to look again before the loop sleeps. */
void bus_watch_touch(struct bus_watch *watch);
/* Leave to read one more message. False when this turn has read its share: the other descriptors of
 * the loop come first, then `ready` is called again. */
bool bus_watch_take(struct bus_watch *watch);

#endif
