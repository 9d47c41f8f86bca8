/* The receiving end of PUB/SUB: a SUB socket, connected to all replicas of one service. Messages
 * may be missing, and messages of different replicas come in any order; each message comes at most
 * once. Nothing more is guaranteed. */
#ifndef TRACTION_BUS_SUBSCRIBER_H
#define TRACTION_BUS_SUBSCRIBER_H

#include <stdint.h>

#include "loop.h"
#include "str.h"

struct bus_subscriber;

/* The topic without its NUL, and the body; both are valid during the call only. Must not destroy
 * the subscriber. */
typedef void bus_message_fn(void *argument, struct str topic, struct str body);

/* `service` is the publisher: over TCP it has to prove this service's key. `endpoints` is where it
 * takes requests, separated by commas as for bus_client_new; its publishing endpoint is derived
 * from that (bus_publisher.h). Host names are resolved periodically. Subscribes to nothing at
 * first. */
struct bus_subscriber *bus_subscriber_new(struct loop *loop, const char *service,
                                          const char *endpoints, bus_message_fn *message,
                                          void *argument);
void bus_subscriber_destroy(struct bus_subscriber **subscriber);

/* Every topic; then the others need not be named. */
void bus_subscribe_all(struct bus_subscriber *subscriber);
/* Exactly this topic. As often as it is subscribed to it has to be unsubscribed from. */
void bus_subscribe(struct bus_subscriber *subscriber, struct str topic);
void bus_unsubscribe(struct bus_subscriber *subscriber, struct str topic);

#endif
