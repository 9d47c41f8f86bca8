/* The receiver's end of news: a SUB socket, connected to all replicas of one service. A message may
 * be missing, and of two replicas' messages either may come first; a message of one replica comes
 * at most once. It must not be relied on for more. */
#ifndef TRACTION_BUS_SUBSCRIBER_H
#define TRACTION_BUS_SUBSCRIBER_H

#include <stdint.h>

#include "loop.h"
#include "str.h"

struct bus_subscriber;

/* The topic without its NUL, and the body; both are valid during the call only. Must not destroy
 * the subscriber. */
typedef void bus_news_fn(void *argument, struct str topic, struct str body);

/* `service` is whose news: over TCP nobody else is listened to. `endpoints` is where it takes
 * requests, separated by commas as for bus_client_new; where it publishes follows from that
 * (bus_publisher.h). Host names are resolved again and again. It is subscribed to nothing at first.
 */
struct bus_subscriber *bus_subscriber_new(struct loop *loop, const char *service,
                                          const char *endpoints, bus_news_fn *news, void *argument);
void bus_subscriber_destroy(struct bus_subscriber **subscriber);

/* Every topic; then the others need not be named. */
void bus_subscribe_all(struct bus_subscriber *subscriber);
/* Exactly this topic. As often as it is subscribed to it has to be unsubscribed from. */
void bus_subscribe(struct bus_subscriber *subscriber, struct str topic);
void bus_unsubscribe(struct bus_subscriber *subscriber, struct str topic);

#endif
