/* The operations of every service by which consumers read its events. They are called by services,
 * without a user and in no tenant's name.
 *
 * eventsSince is answered {events: [{pos, payload}], head}: the payload of each is bytes, a packed
 * event (event.h); head is the sequence number of the log's last event.
 *
 * tellConsumed says what a consumer has applied, once it has stored that; repeating it changes
 * nothing. */
#ifndef TRACTION_EVENTS_H
#define TRACTION_EVENTS_H

#include "model.h"

struct events_query { /* body of eventsSince */
    int64_t sequence; /* the last sequence number that the caller has */
    int64_t limit;    /* events in one answer; large ones are fewer */
};
extern const struct model events_query_model;

struct consumed_told {  /* body of tellConsumed */
    struct str program; /* that tells: "svc-kpis" */
    int64_t sequence;   /* of the last event that it has stored as applied; 0: none */
};
extern const struct model consumed_told_model;

#endif
