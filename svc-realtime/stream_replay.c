/* readStream: the entries after a sequence number, a page at a time, which is bounded in bytes: a
 * gateway has one in memory for each client that catches up. */
#include "queries.h"
#include "realtime.h"
#include "stream.h"

enum { PAGE_BYTES = 262144 };

struct stream_state {
    struct str epoch;
    int64_t head, trimmed;
};
static const struct field state_fields[] = {
    COLUMN(stream_state, epoch),
    COLUMN(stream_state, head),
    COLUMN(stream_state, trimmed),
};
const struct model stream_state_model = MODEL("StreamState", stream_state, state_fields);

/* A number of another epoch, higher than the head, or so old that entries after it were deleted. */
static bool is_lost(const struct stream_read *read, const struct stream_state *state)
{
    return (read->epoch.data && !str_equal(read->epoch, state->epoch)) ||
           read->after < state->trimmed || read->after > state->head;
}

/* Whether there may be entries behind the page that were left out of it. */
static bool is_full(const struct stream_read *read, const struct list *list)
{
    const struct stream_entry *entries = list->items;
    size_t bytes = 0;

    for (size_t i = 0; i < list->count; i++)
        bytes += entries[i].data.bytes.size;
    return (int64_t)list->count == read->max || bytes > PAGE_BYTES;
}

/* The entries are read after the head, by a later snapshot: there may be some after it, but none is
 * missing before it, since numbers are assigned in the order of the commits. */
void stream_read(struct op *op)
{
    struct stream_read read;
    struct stream_state state = {.head = 0};
    struct stream_page page = {.reset = false};
    bool found = false;

    if (!op_body(op, AS(stream_read, &read)))
        return;
    read.max_bytes = PAGE_BYTES;
    sql_queue_row(op, STREAM_STATE, NOTHING, AS(stream_state, &state), &found);
    if (read.after != INT_NONE)
        sql_queue_rows(op, uuid_is_none(read.goal_id) ? STREAM_BEHIND : STREAM_OF_GOAL_BEHIND,
                       AS(stream_read, &read), &stream_entry_model, &page.entries);
    if (!sql_wait(op))
        return;
    page.epoch = state.epoch;
    page.head = page.up_to = state.head;
    if (read.after != INT_NONE && is_lost(&read, &state)) {
        page.reset = true;
        page.entries = (struct list){NULL, 0};
    }
    if (page.entries.count > 0) {
        const struct stream_entry *last =
            (struct stream_entry *)page.entries.items + page.entries.count - 1;
        bool full = is_full(&read, &page.entries);
        page.up_to = full || last->sequence > page.head ? last->sequence : page.head;
        page.head = last->sequence > page.head ? last->sequence : page.head;
    }
    op_reply(op, AS(stream_page, &page), -1);
}
