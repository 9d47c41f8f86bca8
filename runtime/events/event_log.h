/* Reading the log of a service's events, for the service itself and for its consumers; and the
 * format of published event messages. Only the sequencer writes the log. */
#ifndef TRACTION_EVENT_LOG_H
#define TRACTION_EVENT_LOG_H

#include <stdbool.h>
#include <stdint.h>

#include "db.h"

/* The statements of this layer; for database_config. */
extern struct statement *const events_statements[];

enum { EVENTS_PAGE_MAX = 500, EVENTS_PAGE_BYTES = 1 << 20 };

struct logged_event {
    int64_t sequence;
    struct str tenant_id;  /* the event's, also when it cannot be read */
    struct packed payload; /* a packed struct event */
};

struct event_log_first {
    int64_t first; /* number from which on events are kept; 1 in an empty log */
};

struct event_log_state {
    int64_t head;                   /* number of the last event; 0: none */
    struct timestamp waiting_since; /* of the first one in the outbox; none: it is empty */
};

/* Queues a query for the log's state; valid after the session's wait. `arena` is the session's. */
void event_log_queue_state(struct session *session, struct arena *arena,
                           struct event_log_state *state);
/* Queues a query for the events after `pos`: at most `max` (1 to EVENTS_PAGE_MAX) and about
 * EVENTS_PAGE_BYTES, but at least one. Items are struct logged_event. */
void event_log_queue_page(struct session *session, int64_t sequence, int64_t max,
                          struct list *page);
/* Queues a query for where the log begins, to be queued after the page. `arena` is the session's.
 */
void event_log_queue_first(struct session *session, struct arena *arena,
                           struct event_log_first *first);

/* The body of a published message: the sequence number in eight bytes, big-endian, then the event.
 */
enum { EVENT_MESSAGE_HEAD = 8 };
struct str event_message_pack(struct arena *arena, int64_t sequence, struct str payload);
/* False when it is not such a body; `payload` points into `body`. */
bool event_message_unpack(struct str body, int64_t *sequence, struct str *payload);

#endif
