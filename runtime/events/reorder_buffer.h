/* The reorder buffer of a consumer: events after the last applied one, by their sequence numbers.
 * It puts events in order that arrive out of order, twice or with gaps. Its room for events and
 * bytes is limited; what does not fit is refused and has to be requested later. */
#ifndef TRACTION_EVENT_REORDER_H
#define TRACTION_EVENT_REORDER_H

#include <stdbool.h>
#include <stdint.h>

#include "str.h"
#include "timestamp.h"

struct reorder_buffer;

struct reordered_event {
    bool filled;
    bool wanted;         /* of interest to the consumer; else only its number is kept */
    struct str payload;  /* owned by the reorder buffer; absent unless wanted */
    struct timestamp at; /* none when it cannot be read */
    struct str tenant;   /* whose it is when it cannot be read; owned by the reorder buffer */
};

/* Empty, behind place 0. */
struct reorder_buffer *reorder_new(void);
void reorder_destroy(struct reorder_buffer **reorder);

/* Everything up to `pos` was applied: the reorder buffer begins after it. When that is before its
 * current beginning, all its events are discarded. */
void reorder_move(struct reorder_buffer *reorder, int64_t sequence);

/* Copies the payload when it is wanted, and the tenant. False when there is no room, or when the
 * event is there already or was applied. */
bool reorder_put(struct reorder_buffer *reorder, int64_t sequence, struct str payload, bool wanted,
                 struct timestamp at, struct str tenant);

/* The last number before the first gap; when the first event is missing, the number before it. */
int64_t reorder_end(const struct reorder_buffer *reorder);
/* Of those up to reorder_end, how many are wanted. */
int64_t reorder_wanted(const struct reorder_buffer *reorder);
/* What is at `pos`; NULL when nothing is. Valid until the reorder buffer moves. */
const struct reordered_event *reorder_at(const struct reorder_buffer *reorder, int64_t sequence);

#endif
