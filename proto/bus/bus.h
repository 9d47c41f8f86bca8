/* What all users of the bus share: the one ZeroMQ context of the process, and default addresses.
 * Only proto/bus includes zmq.h and czmq.h. */
#ifndef TRACTION_BUS_H
#define TRACTION_BUS_H

#include <stddef.h>

/* The maximum size of a message in bytes. The largest page fits: 100 goals, each with 200
 * strategies and 100 KPIs with texts of maximum length, take 300 MB. ZeroMQ disconnects a peer that
 * sends a larger message, for good, so none may be sent. */
enum { BUS_MESSAGE_MAX = 320 << 20 };

/* Sets up czmq and its context, the first time; whoever uses czmq in here calls it first. */
void bus_start(void);
/* Ends the context, after all sockets were closed. The process gets no other one: czmq destroys its
 * mutex here and does not make it again. */
void bus_shutdown(void);

/* Writes the default endpoint of a service, "ipc://<bus_dir>/<service>.sock", into `text`; returns
 * `text`, or NULL when it does not fit. */
const char *bus_default_endpoint(const char *bus_dir, const char *service, char *text, size_t size);

#endif
