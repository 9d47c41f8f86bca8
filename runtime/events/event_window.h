/* The reorder buffer of a consumer: events after the last applied one, by their sequence numbers.
 * It puts events in order that arrive out of order, twice or with gaps. Its room for events and
 * bytes is limited; what does not fit is refused and has to be requested later. */
#ifndef TRACTION_EVENT_WINDOW_H
#define TRACTION_EVENT_WINDOW_H

#include <stdbool.h>
#include <stdint.h>

#include "str.h"
#include "timestamp.h"

struct event_window;

struct window_event {
    bool filled;
    bool wanted;         /* of interest to the consumer; else only its number is kept */
    struct str payload;  /* owned by the window; absent unless wanted */
    struct timestamp at; /* none when it cannot be read */
};

/* Empty, behind place 0. */
struct event_window *window_new(void);
void window_destroy(struct event_window **window);

/* Everything up to `pos` was applied: the window begins after it. When that is before its current
 * beginning, all its events are discarded. */
void window_move(struct event_window *window, int64_t pos);

/* Copies the payload when it is wanted. False when there is no room, or when the event is there
 * already or was applied. */
bool window_put(struct event_window *window, int64_t pos, struct str payload, bool wanted,
                struct timestamp at);

/* The last number before the first gap; when the first event is missing, the number before it. */
int64_t window_end(const struct event_window *window);
/* Of those up to window_end, how many are wanted. */
int64_t window_wanted(const struct event_window *window);
/* What is at `pos`; NULL when nothing is. Valid until the window moves. */
const struct window_event *window_at(const struct event_window *window, int64_t pos);

#endif
