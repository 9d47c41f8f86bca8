/* Reading the log, and the format of published messages. It must not change anything. */
#include "event_log.h"

#include <string.h>

#include "events_queries.h"

static const struct field logged_event_fields[] = {
    COLUMN(logged_event, pos),
    COLUMN(logged_event, payload),
};
const struct model logged_event_model = MODEL("LoggedEvent", logged_event, logged_event_fields);

static const struct field event_log_state_fields[] = {
    COLUMN(event_log_state, head),
    COLUMN(event_log_state, waiting_since),
};
const struct model event_log_state_model =
    MODEL("EventLogState", event_log_state, event_log_state_fields);

struct page_query {
    int64_t pos, most, bytes;
};
static const struct field page_query_fields[] = {
    COLUMN(page_query, pos),
    COLUMN(page_query, most),
    COLUMN(page_query, bytes),
};
static const struct model page_query_model = MODEL("PageQuery", page_query, page_query_fields);

void event_log_ask_state(struct session *session, struct arena *arena,
                         struct event_log_state *state)
{
    bool *found = arena_alloc(arena, sizeof *found); /* there always is a row */

    *state = (struct event_log_state){0, TIMESTAMP_NONE};
    session_ask_row(session, EVENTS_LOOK, NOTHING, AS(event_log_state, state), found);
}

void event_log_ask_page(struct session *session, int64_t pos, int64_t most, struct list *page)
{
    struct page_query query = {pos, most, EVENTS_PAGE_BYTES};

    session_ask_rows(session, EVENTS_SINCE, AS(page_query, &query), &logged_event_model, page);
}

struct str news_pack(struct arena *arena, int64_t pos, struct str payload)
{
    struct buffer out = buffer_in(arena, NEWS_HEAD + payload.size);
    char *head = buffer_extend(&out, NEWS_HEAD);

    for (int i = 0; i < NEWS_HEAD; i++)
        head[i] = (char)(unsigned char)((uint64_t)pos >> (8 * (NEWS_HEAD - 1 - i)));
    buffer_append(&out, payload.data, payload.size);
    return buffer_str(&out);
}

bool news_unpack(struct str body, int64_t *pos, struct str *payload)
{
    uint64_t number = 0;

    if (body.size <= NEWS_HEAD)
        return false;
    for (int i = 0; i < NEWS_HEAD; i++)
        number = number << 8 | (unsigned char)body.data[i];
    *pos = (int64_t)number;
    *payload = (struct str){body.data + NEWS_HEAD, body.size - NEWS_HEAD};
    return number > 0 && number <= INT64_MAX;
}
