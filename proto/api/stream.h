/* The tenant's stream of events, as svc-realtime stores it and gateways send it: entries with the
 * sequence numbers 1, 2, 3... without gaps per tenant. A number is valid only within an epoch,
 * which changes when the database was restored from a backup. Clients see the id
 * "<epoch>-<number>". */
#ifndef TRACTION_STREAM_H
#define TRACTION_STREAM_H

#include "model.h"

/* The query parameters of a stream; a token in the address was removed before. */
struct stream_query {
    struct str tenant;
    struct str last_event_id;
    struct texts types; /* types of events, or beginnings of them: "goal.*" */
};
extern const struct model stream_query_model;

struct stream_entry {
    int64_t sequence;
    struct str type;     /* "activity.created" */
    struct uuid goal_id; /* the goal it is about; absent when it is about none */
    bool shown;          /* also on the goal's own stream, not only on the tenant's */
    struct packed data;  /* a map: what clients get, as JSON */
};
extern const struct model stream_entry_model;

/* Body of readStream. */
struct stream_read {
    struct str epoch;
    int64_t after;       /* the last number that is known; absent: only the head is wanted */
    struct uuid goal_id; /* only what is about this goal; absent: everything */
    int64_t max;         /* entries, 1 to 500 */
    int64_t max_bytes;   /* for SQL: of their data */
};
extern const struct model stream_read_model;

/* Reply of readStream. Published messages (PUB, topic = tenant) have the same form: entries in the
 * order of their numbers, or none, to repeat the head. */
struct stream_page {
    struct str epoch;
    int64_t head;        /* the last number that exists */
    int64_t up_to;       /* everything up to here was looked at; go on behind it */
    bool reset;          /* what was asked for is not kept any more: begin anew behind up_to */
    struct list entries; /* struct stream_entry */
};
extern const struct model stream_page_model;

/* Appends the value with what the table has of it for clients; a field that the table does not have
 * is between services. */
void stream_data_pack(struct buffer *out, const struct model *model, const struct value *value);

#endif
