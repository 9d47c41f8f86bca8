/* Reading the log, and the format of published messages. It must not change anything. */
#include "event_log.h"

#include <string.h>

#include "events_queries.h"

static const struct field logged_event_fields[] = {
    FIELD_AS(logged_event, sequence, "pos", .flags = FIELD_INTERNAL),
    COLUMN(logged_event, tenant_id),
    COLUMN(logged_event, payload),
};
const struct model logged_event_model = MODEL("LoggedEvent", logged_event, logged_event_fields);

static const struct field event_log_state_fields[] = {
    COLUMN(event_log_state, head),
    COLUMN(event_log_state, waiting_since),
};
const struct model event_log_state_model =
    MODEL("EventLogState", event_log_state, event_log_state_fields);

static const struct field event_log_first_fields[] = {COLUMN(event_log_first, first)};
const struct model event_log_first_model =
    MODEL("EventLogFirst", event_log_first, event_log_first_fields);

struct page_query {
    int64_t sequence, max, bytes;
};
static const struct field page_query_fields[] = {
    FIELD_AS(page_query, sequence, "pos", .flags = FIELD_INTERNAL),
    COLUMN(page_query, max),
    COLUMN(page_query, bytes),
};
static const struct model page_query_model = MODEL("PageQuery", page_query, page_query_fields);

void event_log_queue_state(struct session *session, struct arena *arena,
                           struct event_log_state *state)
{
    bool *found = arena_alloc(arena, sizeof *found); /* there always is a row */

    *state = (struct event_log_state){0, TIMESTAMP_NONE};
    session_queue_row(session, EVENTS_LOOK, NOTHING, AS(event_log_state, state), found);
}

void event_log_queue_page(struct session *session, int64_t sequence, int64_t max, struct list *page)
{
    struct page_query query = {sequence, max, EVENTS_PAGE_BYTES};

    session_queue_rows(session, EVENTS_SINCE, AS(page_query, &query), &logged_event_model, page);
}

void event_log_queue_first(struct session *session, struct arena *arena,
                           struct event_log_first *first)
{
    bool *found = arena_alloc(arena, sizeof *found); /* there always is a row */

    *first = (struct event_log_first){1};
    session_queue_row(session, EVENTS_FIRST, NOTHING, AS(event_log_first, first), found);
}

struct str event_message_pack(struct arena *arena, int64_t sequence, struct str payload)
{
    struct buffer out = buffer_in(arena, EVENT_MESSAGE_HEAD + payload.size);
    char *head = buffer_extend(&out, EVENT_MESSAGE_HEAD);

    for (int i = 0; i < EVENT_MESSAGE_HEAD; i++)
        head[i] = (char)(unsigned char)((uint64_t)sequence >> (8 * (EVENT_MESSAGE_HEAD - 1 - i)));
    buffer_append(&out, payload.data, payload.size);
    return buffer_str(&out);
}

bool event_message_unpack(struct str body, int64_t *sequence, struct str *payload)
{
    uint64_t number = 0;

    if (body.size <= EVENT_MESSAGE_HEAD)
        return false;
    for (int i = 0; i < EVENT_MESSAGE_HEAD; i++)
        number = number << 8 | (unsigned char)body.data[i];
    *sequence = (int64_t)number;
    *payload = (struct str){body.data + EVENT_MESSAGE_HEAD, body.size - EVENT_MESSAGE_HEAD};
    return number > 0 && number <= INT64_MAX;
}
