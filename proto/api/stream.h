/* The tenant's stream of events, as svc-realtime stores it and gateways send it: entries with the
 * sequence numbers 1, 2, 3... without gaps per tenant. A number is valid only within an epoch,
 * which changes when the database was restored from a backup. Clients see the id
 * "<epoch>-<number>". */
#ifndef TRACTION_STREAM_H
#define TRACTION_STREAM_H

#include "event_types.h"
#include "model.h"

enum { STREAM_RETRY_MS = 3000 }; /* a browser's pause before it comes back */

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

/* --- What clients get of an event --- */

/* The same of every event. */
/* clang-format off */
#define EVENT_ENVELOPE_MEMBERS \
    struct str type; /* "goal.updated" */ \
    struct str tenant_id; \
    struct str entity_type; \
    struct str entity_id; /* a UUID, or the id of a person */ \
    struct uuid goal_id; /* absent: it is about no goal, or about several */ \
    int64_t version; /* of the entity, after the change */ \
    struct str user_id; /* who did it */ \
    struct timestamp at
/* clang-format on */
struct event_envelope {
    EVENT_ENVELOPE_MEMBERS;
};
#define EVENT_ENVELOPE                  \
    union {                             \
        struct event_envelope envelope; \
        struct {                        \
            EVENT_ENVELOPE_MEMBERS;     \
        };                              \
    }

/* A packed member has what the table of the event's data has for clients (stream_data_pack): the
 * whole of it, or its object of the same name (message_part). */
struct activity_message {
    EVENT_ENVELOPE;
    struct packed activity;
};
struct reading_message {
    EVENT_ENVELOPE;
    struct packed kpi, reading;
    struct feed_reading {
        struct uuid id;
        struct str text;
        struct timestamp created_at;
        struct str title, url;
    } activity; /* absent: the KPI is linked to no goal */
};
struct change_message {
    EVENT_ENVELOPE;
    struct str user_name;
    struct packed data;
    struct packed changes; /* as in struct event */
};
extern const struct model activity_message_model, reading_message_model, change_message_model;

/* Which of them a type's events become. The type is shown on streams. */
const struct model *message_model(const struct event_type *type);
/* The table of a message's packed member; NULL: it has none. */
const struct model *message_part(const struct event_type *type, const struct field *field);
/* Whether a goal's stream may show it: events of the type have a goalId. */
bool message_is_of_goal(const struct event_type *type);

/* Appends the value with what the table has of it for clients; a field that the table does not have
 * is between services. */
void stream_data_pack(struct buffer *out, const struct model *model, const struct value *value);

#endif
