/* What all users of the bus share: the one ZeroMQ context of the process, and default addresses.
 * Only proto/bus includes zmq.h and czmq.h. */
#ifndef TRACTION_BUS_H
#define TRACTION_BUS_H

#include <stddef.h>

/* The maximum size of a message in bytes. The largest body that TRACTION_MAX_BODY allows fits, and
 * twice the largest answer that TRACTION_MAX_ANSWER does, since services of release 1.0.0 know no
 * limit for answers. ZeroMQ disconnects a peer that sends a larger message, so none may be sent. */
enum { BUS_MESSAGE_MAX = 80 << 20 };

/* Sets up czmq and its context, the first time; whoever uses czmq in here calls it first. */
void bus_start(void);
/* Ends the context, after all sockets were closed. The process gets no other one: czmq destroys its
 * mutex here and does not make it again. */
void bus_shutdown(void);

/* Writes the default endpoint of a service, "ipc://<bus_dir>/<service>.sock", into `text`; returns
 * `text`, or NULL when it does not fit. */
const char *bus_default_endpoint(const char *bus_dir, const char *service, char *text, size_t size);

#endif
