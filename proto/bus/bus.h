/* What both ends of the bus share: the one ZeroMQ context of the process and a socket in the loop.
 * Only proto/bus includes zmq.h. */
#ifndef TRACTION_BUS_H
#define TRACTION_BUS_H

#include <stdbool.h>
#include <stddef.h>

#include "loop.h"

/* Bytes of a message at the most. The largest page fits: 100 goals, each with 200 strategies and
 * 100 KPIs whose texts are as long as they may be, take 300 MB. What a peer sends beyond that costs
 * it the connection, for good, so it must not be sent. */
enum { BUS_MESSAGE_MOST = 320 << 20 };

/* A new socket with the options that every socket of ours has: linger 0, heartbeats, MAXMSGSIZE,
 * high-water marks. It belongs to the process's context, which the first one makes. Aborts when
 * there are too many. */
void *bus_socket_new(int type);
/* Ends the context, after all sockets were closed. */
void bus_shutdown(void);

/* Watches a ZeroMQ socket: `ready` is called when the socket may be readable. It must read until
 * EAGAIN, because ZMQ_FD is edge-triggered, or until bus_watch_take says no. Destroy the watch
 * before the socket is closed; also from inside `ready`. */
struct bus_watch;
struct bus_watch *bus_watch_new(struct loop *loop, void *socket, void (*ready)(void *argument),
                                void *argument);
void bus_watch_destroy(struct bus_watch **watch);
/* To be called after every send on the watched socket: sending may swallow the edge, so that the
 * watcher has to look again before the loop sleeps. */
void bus_watch_touch(struct bus_watch *watch);
/* Leave to read one more message. False when this turn has read its share: the other descriptors of
 * the loop come first, then `ready` is called again. */
bool bus_watch_take(struct bus_watch *watch);

/* Writes "ipc://<bus_dir>/<service>.sock", where a service is unless configured otherwise, into
 * `text`; answers `text`, or NULL when it does not fit. */
const char *bus_default_endpoint(const char *bus_dir, const char *service, char *text, size_t size);

#endif
