/* The operations of every service by which consumers read its events. They are called by services,
 * without a user and in no tenant's name.
 *
 * eventsSince is answered {events: [{pos, payload}], head, first}: the payload of each is bytes, a
 * packed event (event.h); head is the sequence number of the log's last event, first that from
 * which on the log is kept. Releases without `first` keep it whole.
 *
 * tenantsAfter and entitiesAfter are a snapshot, by which a consumer begins that needs more than is
 * kept (docs/retention.md). The former is answered {tenants: [text]}, in the order in which a next
 * question goes on behind the last one; no more are none. The latter is asked in a tenant's name
 * and answered {events: [bytes], next, place}: events as in the log, with an entity's present state
 * each; next and place are what the next question has as id and place, and next is null at the end.
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

struct snapshot_tenants_query { /* body of tenantsAfter */
    struct str after;           /* the last tenant that the caller has; absent: none */
    int64_t max;                /* tenants in one answer */
};
extern const struct model snapshot_tenants_query_model;

struct entities_query {     /* body of entitiesAfter */
    struct str kind;        /* "goals" */
    struct uuid id;         /* the last one that the caller has; absent: none */
    int64_t place;          /* further, of kinds whose entities have no order by id; absent: none */
    int64_t max, max_bytes; /* for SQL: entities of a page, and bytes of those that may be large */
};
extern const struct model entities_query_model;

struct consumed_told {  /* body of tellConsumed */
    struct str program; /* that tells: "svc-kpis" */
    int64_t sequence;   /* of the last event that it has stored as applied; 0: none */
};
extern const struct model consumed_told_model;

#endif
