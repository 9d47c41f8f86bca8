/* Packing envelopes into ZeroMQ messages; private to the bus. The bytes are packed into one buffer
 * that is reused and copied into a message of the right size. Passing memory that the I/O thread
 * frees was measured: it costs a third more at 300 bytes, the same at 3,000, and saves a tenth from
 * 30,000 on; so only buffers that would not be kept are passed. */
#ifndef TRACTION_BUS_FRAME_H
#define TRACTION_BUS_FRAME_H

#include <zmq.h>

#include "arena.h"

struct bus_frame {
    struct arena *arena;
    struct buffer buffer;
};

void bus_frame_init(struct bus_frame *frame);
void bus_frame_free(struct bus_frame *frame);

/* The empty buffer to pack one envelope into. */
struct buffer *bus_frame_start(struct bus_frame *frame);
/* Initialises `message` with what was packed. */
void bus_frame_take(struct bus_frame *frame, zmq_msg_t *message);

/* The bytes of a received message, which must outlive them. */
struct str bus_frame_bytes(zmq_msg_t *message);

#endif
