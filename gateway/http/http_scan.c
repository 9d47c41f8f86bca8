/* The time limits of connections, since libmicrohttpd has one of inactivity alone: each connection
 * is in one phase, and a coarse timer shuts down those that have been in it too long. */
#include "http_limiter.h"
#include "http_listen.h"
#include "http_state.h"

enum {
    DISCARD_MS = 5000,
    LINGER_MS = 2000,
    TAKEN_MIN = 16 * 1024 /* bytes of an answer within the head's limit */
};

/* Whether a client that is being answered keeps reading the answer. Called at each scan: the first
 * scan of an answer, which few answers last long enough for, only stores the count of bytes. */
static bool takes_answer(struct http_peer *peer, int64_t now_us, bool late)
{
    if (peer->phase != PHASE_SENDING || (peer->measured && !late))
        return !late;
    uint64_t taken = http_bytes_taken(peer->fd);
    if (late && taken < peer->taken + TAKEN_MIN)
        return false;
    peer->taken = taken;
    peer->measured = true;
    if (late)
        peer->since_us = now_us;
    return true;
}

void scan(void *argument)
{
    struct http *http = argument;
    int64_t now_us = loop_now_us(http->loop);

    limiter_close_idle(http->limiter, http); /* those who came last may have to go now */
    for (struct http_peer *peer = http->peers; peer; peer = peer->next) {
        int64_t limit_us = http->limits_us[peer->phase];
        if (peer->phase == PHASE_SERVED)
            exchange_look(peer->exchange);
        bool late = limit_us > 0 && now_us - peer->since_us >= limit_us;
        if (takes_answer(peer, now_us, late))
            continue;
        if (peer->phase == PHASE_DISCARD)
            exchange_answer_early(peer->exchange);
        else
            /* libmicrohttpd sees the end and closes. */
            http_hang_up(peer->fd, peer->phase == PHASE_SENDING);
    }
}

void scan_set_limits(struct http *http)
{
    const struct http_config *config = &http->config;

    http->limits_us[PHASE_IDLE] = config->idle_ms * 1000;
    http->limits_us[PHASE_HEAD] = config->header_ms * 1000;
    http->limits_us[PHASE_BODY] = config->body_ms * 1000;
    http->limits_us[PHASE_DISCARD] = DISCARD_MS * INT64_C(1000);
    http->limits_us[PHASE_SENDING] = config->header_ms * 1000;
    http->limits_us[PHASE_LINGER] = LINGER_MS * INT64_C(1000);
}
