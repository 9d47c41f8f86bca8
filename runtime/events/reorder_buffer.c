/* A ring of events by sequence number. It must not read the events. */
#include "reorder_buffer.h"

#include <stdlib.h>
#include <string.h>

#include "memory.h"

enum { EVENTS_MAX = 1024, BYTES_MAX = 16 << 20 };

struct reorder_buffer {
    int64_t done; /* places up to this one are done with */
    int64_t end;
    int64_t wanted; /* in done + 1 to end */
    size_t bytes;
    struct reordered_event events[EVENTS_MAX]; /* by the place's remainder */
};

struct reorder_buffer *reorder_new(void)
{
    struct reorder_buffer *reorder = xcalloc(1, sizeof *reorder);

    return reorder;
}

static struct reordered_event *slot(struct reorder_buffer *reorder, int64_t sequence)
{
    return &reorder->events[(uint64_t)sequence % EVENTS_MAX];
}

static struct str copied(struct str text)
{
    char *copy = xmalloc(text.size + 1);

    memcpy(copy, text.data, text.size);
    return (struct str){copy, text.size};
}

static void release(struct str text)
{
    union {
        const char *in;
        void *out;
    } memory = {text.data}; /* ours to free */

    free(memory.out);
}

static void empty(struct reorder_buffer *reorder, struct reordered_event *event)
{
    reorder->bytes -= event->payload.size + event->tenant.size;
    release(event->payload);
    release(event->tenant);
    *event = (struct reordered_event){.filled = false};
}

void reorder_destroy(struct reorder_buffer **reorder)
{
    if (!*reorder)
        return;
    for (size_t i = 0; i < EVENTS_MAX; i++)
        empty(*reorder, &(*reorder)->events[i]);
    free(*reorder);
    *reorder = NULL;
}

static bool within(const struct reorder_buffer *reorder, int64_t sequence)
{
    return sequence > reorder->done && sequence - reorder->done <= EVENTS_MAX;
}

/* Moves the end over what is filled behind it. */
static void extend(struct reorder_buffer *reorder)
{
    while (within(reorder, reorder->end + 1) && slot(reorder, reorder->end + 1)->filled) {
        reorder->end++;
        reorder->wanted += slot(reorder, reorder->end)->wanted;
    }
}

void reorder_move(struct reorder_buffer *reorder, int64_t sequence)
{
    bool all = sequence < reorder->done || sequence - reorder->done >= EVENTS_MAX;

    if (all) {
        for (size_t i = 0; i < EVENTS_MAX; i++)
            empty(reorder, &reorder->events[i]);
        reorder->wanted = 0;
    }
    for (int64_t done = reorder->done + 1; !all && done <= sequence; done++) {
        if (done <= reorder->end)
            reorder->wanted -= slot(reorder, done)->wanted;
        empty(reorder, slot(reorder, done));
    }
    reorder->done = sequence;
    if (all || reorder->end < sequence)
        reorder->end = sequence;
    extend(reorder);
}

bool reorder_put(struct reorder_buffer *reorder, int64_t sequence, struct str payload, bool wanted,
                 struct timestamp at, struct str tenant)
{
    size_t size = (wanted ? payload.size : 0) + tenant.size;

    if (!within(reorder, sequence) || slot(reorder, sequence)->filled)
        return false;
    /* The next event always fits, or the consumer could never continue. */
    if (reorder->bytes + size > BYTES_MAX && sequence != reorder->end + 1)
        return false;
    struct reordered_event *event = slot(reorder, sequence);
    *event = (struct reordered_event){.filled = true, .wanted = wanted, .at = at};
    if (wanted)
        event->payload = copied(payload);
    if (tenant.data)
        event->tenant = copied(tenant);
    reorder->bytes += size;
    extend(reorder);
    return true;
}

int64_t reorder_end(const struct reorder_buffer *reorder)
{
    return reorder->end;
}

int64_t reorder_wanted(const struct reorder_buffer *reorder)
{
    return reorder->wanted;
}

const struct reordered_event *reorder_at(const struct reorder_buffer *reorder, int64_t sequence)
{
    const struct reordered_event *event = &reorder->events[(uint64_t)sequence % EVENTS_MAX];

    return within(reorder, sequence) && event->filled ? event : NULL;
}
