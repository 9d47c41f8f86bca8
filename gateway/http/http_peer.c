/* One connection. It outlives its requests, so what it is doing is said here. */
#include <stdlib.h>

#include "http_state.h"
#include "memory.h"

void peer_enter(struct http_peer *peer, enum phase phase)
{
    peer->phase = phase;
    peer->since_us = loop_now_us(peer->http->loop);
    peer->measured = false;
    peer->cancelled = false;
}

struct http_peer *peer_new(struct http *http, struct MHD_Connection *connection)
{
    struct http_peer *peer = xcalloc(1, sizeof *peer);

    peer->http = http;
    peer->fd = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
    peer->late = http->draining;
    peer->next = http->peers;
    if (peer->next)
        peer->next->before = peer;
    http->peers = peer;
    http->peer_count++;
    peer_enter(peer, PHASE_HEAD);
    return peer;
}

void peer_free(struct http_peer *peer)
{
    struct http *http = peer->http;

    if (peer->next)
        peer->next->before = peer->before;
    *(peer->before ? &peer->before->next : &http->peers) = peer->next;
    http->peer_count--;
    free(peer);
}
