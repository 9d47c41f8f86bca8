/* Events on their way into a consumer: those behind the place that is stored, by their place, so
 * that what comes in another order, twice or with holes is lined up. It has room for so many events
 * and bytes; what does not fit is refused and has to be asked for later. */
#ifndef TRACTION_EVENT_WINDOW_H
#define TRACTION_EVENT_WINDOW_H

#include <stdbool.h>
#include <stdint.h>

#include "str.h"
#include "timestamp.h"

struct event_window;

struct window_event {
    bool filled;
    bool wanted;         /* of interest to the consumer; else only its place counts */
    struct str payload;  /* owned by the window; absent unless wanted */
    struct timestamp at; /* none when it cannot be read */
};

/* Empty, behind place 0. */
struct event_window *window_new(void);
void window_destroy(struct event_window **window);

/* Everything up to `pos` is done with: the window begins behind it. To a place further back it goes
 * by losing all it has. */
void window_move(struct event_window *window, int64_t pos);

/* Copies the payload when it is wanted. False when there is no room, or nothing to do because it is
 * there or done with. */
bool window_put(struct event_window *window, int64_t pos, struct str payload, bool wanted,
                struct timestamp at);

/* The place up to which there is no hole; when even the first is missing, the one before it. */
int64_t window_end(const struct event_window *window);
/* Of those up to window_end, how many are wanted. */
int64_t window_wanted(const struct event_window *window);
/* What is at `pos`; NULL when nothing is. Valid until the window moves. */
const struct window_event *window_at(const struct event_window *window, int64_t pos);

#endif
