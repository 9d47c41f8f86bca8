/* A ring of events by sequence number. It must not read the events. */
#include "event_window.h"

#include <stdlib.h>
#include <string.h>

#include "memory.h"

enum { EVENTS_MOST = 1024, BYTES_MOST = 16 << 20 };

struct event_window {
    int64_t done; /* places up to this one are done with */
    int64_t end;
    int64_t wanted; /* in done + 1 to end */
    size_t bytes;
    struct window_event events[EVENTS_MOST]; /* by the place's remainder */
};

struct event_window *window_new(void)
{
    struct event_window *window = xcalloc(1, sizeof *window);

    return window;
}

static struct window_event *slot(struct event_window *window, int64_t pos)
{
    return &window->events[(uint64_t)pos % EVENTS_MOST];
}

static void empty(struct event_window *window, struct window_event *event)
{
    union {
        const char *in;
        void *out;
    } memory = {event->payload.data}; /* ours to free */

    window->bytes -= event->payload.size;
    free(memory.out);
    *event = (struct window_event){.payload = STR_NONE};
}

void window_destroy(struct event_window **window)
{
    if (!*window)
        return;
    for (size_t i = 0; i < EVENTS_MOST; i++)
        empty(*window, &(*window)->events[i]);
    free(*window);
    *window = NULL;
}

static bool within(const struct event_window *window, int64_t pos)
{
    return pos > window->done && pos - window->done <= EVENTS_MOST;
}

/* Moves the end over what is filled behind it. */
static void extend(struct event_window *window)
{
    while (within(window, window->end + 1) && slot(window, window->end + 1)->filled) {
        window->end++;
        window->wanted += slot(window, window->end)->wanted;
    }
}

void window_move(struct event_window *window, int64_t pos)
{
    bool all = pos < window->done || pos - window->done >= EVENTS_MOST;

    if (all) {
        for (size_t i = 0; i < EVENTS_MOST; i++)
            empty(window, &window->events[i]);
        window->wanted = 0;
    }
    for (int64_t done = window->done + 1; !all && done <= pos; done++) {
        if (done <= window->end)
            window->wanted -= slot(window, done)->wanted;
        empty(window, slot(window, done));
    }
    window->done = pos;
    if (all || window->end < pos)
        window->end = pos;
    extend(window);
}

bool window_put(struct event_window *window, int64_t pos, struct str payload, bool wanted,
                struct timestamp at)
{
    size_t size = wanted ? payload.size : 0;

    if (!within(window, pos) || slot(window, pos)->filled)
        return false;
    /* The next event always fits, or the consumer could never continue. */
    if (window->bytes + size > BYTES_MOST && pos != window->end + 1)
        return false;
    struct window_event *event = slot(window, pos);
    *event = (struct window_event){.filled = true, .wanted = wanted, .at = at};
    if (wanted) {
        char *copy = xmalloc(size + 1);
        memcpy(copy, payload.data, size);
        event->payload = (struct str){copy, size};
        window->bytes += size;
        /* cppcheck-suppress memleak ; the event holds it */
    }
    extend(window);
    return true;
}

int64_t window_end(const struct event_window *window)
{
    return window->end;
}

int64_t window_wanted(const struct event_window *window)
{
    return window->wanted;
}

const struct window_event *window_at(const struct event_window *window, int64_t pos)
{
    const struct window_event *event = &window->events[(uint64_t)pos % EVENTS_MOST];

    return within(window, pos) && event->filled ? event : NULL;
}
