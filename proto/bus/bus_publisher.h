/* The sender's end of news: an XPUB socket. What is published reaches those who have subscribed to
 * its topic and are connected at that moment, or nobody: ZeroMQ drops in silence, so it is a fast
 * path only, and every message carries what a receiver needs to see that one is missing. */
#ifndef TRACTION_BUS_PUBLISHER_H
#define TRACTION_BUS_PUBLISHER_H

#include <stddef.h>
#include <stdint.h>

#include "loop.h"
#include "str.h"

struct bus_publisher;

/* Where a service publishes that takes requests at `endpoint`: "ipc:///run/a.sock" gives
 * "ipc:///run/a.events.sock", and of "tcp://host:7101" it is the next port, "tcp://host:7102".
 * Written into `text`; answers `text`, or NULL when it does not fit or is no such endpoint. */
const char *bus_events_endpoint(struct str endpoint, char *text, size_t size);

/* Binds `endpoint` as it is. NULL with a log line when that fails. Where keys are used, only those
 * of `roles`, NULL-terminated, hear what is published; it outlives the publisher. */
struct bus_publisher *bus_publisher_new(struct loop *loop, const char *endpoint,
                                        const char *const *roles);
void bus_publisher_destroy(struct bus_publisher **publisher);

/* To every subscriber of `topic`, which is sent with a NUL behind it, since ZeroMQ compares
 * beginnings only: whoever wants "acme" must not get "acme2". It must not hold a NUL itself. */
void bus_publish(struct bus_publisher *publisher, struct str topic, struct str body);

/* Topics that somebody has subscribed to; 0: whatever is published is dropped. A subscription is
 * known only a moment after it was made. */
size_t bus_publisher_topics(const struct bus_publisher *publisher);

struct bus_publisher_counts {
    uint64_t messages; /* published while there were topics */
};
struct bus_publisher_counts bus_publisher_counts(const struct bus_publisher *publisher);

#endif
