/* The publishing end of PUB/SUB: an XPUB socket. A message reaches the peers that are subscribed to
 * its topic and connected at that moment. ZeroMQ drops messages silently, so this is only the fast
 * path, and every message carries a sequence number by which a receiver detects a missing one. */
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

/* Binds `endpoint` as it is. NULL with a log line when that fails. Where keys are used, only the
 * roles in `roles`, NULL-terminated, may subscribe; the array outlives the publisher. */
struct bus_publisher *bus_publisher_new(struct loop *loop, const char *endpoint,
                                        const char *const *roles);
void bus_publisher_destroy(struct bus_publisher **publisher);

/* To every subscriber of `topic`, which is sent with a NUL after it, since ZeroMQ matches prefixes:
 * a subscriber of "acme" must not get "acme2". The topic must not contain a NUL itself. */
void bus_publish(struct bus_publisher *publisher, struct str topic, struct str body);

/* The number of topics with subscribers; 0: everything published is dropped. A subscription is
 * known with a short delay. */
size_t bus_publisher_topics(const struct bus_publisher *publisher);

struct bus_publisher_counts {
    uint64_t messages; /* published while there were topics */
};
struct bus_publisher_counts bus_publisher_counts(const struct bus_publisher *publisher);

#endif
