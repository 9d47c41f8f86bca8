/* What all users of the bus share: the one ZeroMQ context of the process, and default addresses.
 * Only proto/bus includes zmq.h and czmq.h. */
#ifndef TRACTION_BUS_H
#define TRACTION_BUS_H

#include <stddef.h>

/* Bytes of a message at the most. The largest page fits: 100 goals, each with 200 strategies and
 * 100 KPIs whose texts are as long as they may be, take 300 MB. What a peer sends beyond that costs
 * it the connection, for good, so it must not be sent. */
enum { BUS_MESSAGE_MOST = 320 << 20 };

/* Sets up czmq and its context, the first time; whoever uses czmq in here calls it first. */
void bus_start(void);
/* Ends the context, after all sockets were closed. */
void bus_shutdown(void);

/* Writes "ipc://<bus_dir>/<service>.sock", where a service is unless configured otherwise, into
 * `text`; answers `text`, or NULL when it does not fit. */
const char *bus_default_endpoint(const char *bus_dir, const char *service, char *text, size_t size);

#endif
