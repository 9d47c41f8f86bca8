/* eventsSince, an operation of every service by which consumers read its events. It is called by
 * services without a user, and answered {events: [{pos, payload}], head}: the payload of
 * each is bytes, a packed event (event.h); head is the sequence number of the log's last event. */
#ifndef TRACTION_EVENTS_H
#define TRACTION_EVENTS_H

#include "model.h"

struct events_query { /* body of eventsSince */
    int64_t sequence; /* the last sequence number that the caller has */
    int64_t limit;    /* events in one answer; large ones are fewer */
};
extern const struct model events_query_model;

#endif
