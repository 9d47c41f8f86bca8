/* The reused buffer that envelopes are packed into; no sending here. */
#include "bus_frame.h"

#include <stdlib.h>
#include <string.h>

#ifdef __SANITIZE_THREAD__
#include <sanitizer/tsan_interface.h>
#endif

enum { START_SIZE = 16 << 10, KEPT_SIZE = 64 << 10 };

void bus_frame_init(struct bus_frame *frame)
{
    frame->arena = arena_new();
    frame->buffer = buffer_in(frame->arena, START_SIZE);
}

void bus_frame_free(struct bus_frame *frame)
{
    arena_destroy(&frame->arena);
}

/* A large buffer is freed; otherwise one report would keep its megabytes allocated for ever. */
static void empty(struct bus_frame *frame)
{
    if (frame->buffer.capacity > KEPT_SIZE) {
        arena_reset(frame->arena);
        frame->buffer = buffer_in(frame->arena, START_SIZE);
    }
    frame->buffer.size = 0;
}

struct buffer *bus_frame_start(struct bus_frame *frame)
{
    empty(frame);
    return &frame->buffer;
}

/* The I/O thread gets the memory through ZeroMQ's queues, whose order ThreadSanitizer cannot see.
 */
static void hand_over(struct arena *arena)
{
#ifdef __SANITIZE_THREAD__
    __tsan_release(arena);
#else
    (void)arena;
#endif
}

/* In the I/O thread. */
static void free_arena(void *data, void *arena)
{
    struct arena *gone = arena;

    (void)data;
#ifdef __SANITIZE_THREAD__
    __tsan_acquire(arena);
#endif
    arena_destroy(&gone);
}

void bus_frame_take(struct bus_frame *frame, zmq_msg_t *message)
{
    if (frame->buffer.size > KEPT_SIZE) {
        hand_over(frame->arena);
        if (zmq_msg_init_data(message, frame->buffer.data, frame->buffer.size, free_arena,
                              frame->arena) != 0)
            abort();
        bus_frame_init(frame);
        return;
    }
    if (zmq_msg_init_size(message, frame->buffer.size) != 0)
        abort();
    memcpy(zmq_msg_data(message), frame->buffer.data, frame->buffer.size);
    empty(frame);
}

struct str bus_frame_bytes(zmq_msg_t *message)
{
    return (struct str){zmq_msg_data(message), zmq_msg_size(message)};
}
