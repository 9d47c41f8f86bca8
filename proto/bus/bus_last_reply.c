/* Sends one reply and reads until it is acknowledged. Other messages that arrive are lost with the
 * process: their senders see the connection end. */
#include "bus_last_reply.h"

#include "bus_frame.h"
#include "timestamp.h"

enum { PATIENCE_MS = 500 };

static bool send_reply(void *router, struct pending_request *pending, struct bus_frame *packed)
{
    bool writes = pending->request.request.command.data != NULL;
    struct reply reply = reply_failure(
        STATUS_SERVICE_UNAVAILABLE,
        writes ? STR("The service failed at this request; it may or may not have been carried out")
               : STR("The service failed at this request"));
    zmq_msg_t frame;

    reply.correlation = pending->request.request.correlation;
    reply.fatal = true;
    reply_pack(bus_frame_start(packed), &reply);
    bus_frame_take(packed, &frame);
    return zmq_msg_send(&pending->identity, router, ZMQ_SNDMORE | ZMQ_DONTWAIT) >= 0 &&
           zmq_msg_send(&frame, router, ZMQ_DONTWAIT) >= 0;
}

/* Waits for a message as long as the socket's time-out says; its last frame is in `frame`. */
static bool receive(void *router, zmq_msg_t *frame)
{
    do
        if (zmq_msg_recv(frame, router, 0) < 0)
            return false;
    while (zmq_msg_more(frame));
    return true;
}

static bool acknowledges(struct arena *arena, zmq_msg_t *frame, uint64_t correlation)
{
    struct request request;

    arena_reset(arena);
    return request_unpack(arena, bus_frame_bytes(frame), &request) && request.cancels &&
           request.correlation == correlation;
}

void bus_last_reply(zsock_t *server, struct pending_request *pending)
{
    void *router = zsock_resolve(server);
    int64_t until_us = monotonic_us() + PATIENCE_MS * INT64_C(1000), left_us;
    struct bus_frame packed;
    struct arena *arena = arena_new();
    zmq_msg_t frame;
    bool waits;

    bus_frame_init(&packed);
    zmq_msg_init(&frame);
    waits = send_reply(router, pending, &packed);
    while (waits && (left_us = until_us - monotonic_us()) > 0) {
        int left_ms = (int)(left_us / 1000) + 1;
        zsock_set_rcvtimeo(server, left_ms);
        waits = receive(router, &frame) &&
                !acknowledges(arena, &frame, pending->request.request.correlation);
    }
    zmq_msg_close(&frame);
    bus_frame_free(&packed);
    arena_destroy(&arena);
}
