/* The connection limit: closes connections when there are too many, so that those of one client do
 * not exclude others. A few slots are kept free: of the connections that wait for their client, the
 * one that has waited longest is closed, first of the client with the most connections. Connections
 * with a request in progress are never closed. */
#ifndef TRACTION_HTTP_LIMITER_H
#define TRACTION_HTTP_LIMITER_H

#include "http_state.h"

struct limiter *limiter_new(const struct networks *trusted, size_t max);
void limiter_destroy(struct limiter **limiter);

/* A connection was opened (before or after it is added to the list of peers); and one was closed.
 */
void limiter_enter(struct limiter *limiter, struct http_peer *peer, const struct sockaddr *address);
void limiter_leave(struct limiter *limiter, struct http_peer *peer);

/* Closes some of the peers when too few slots are left. */
void limiter_close_idle(struct limiter *limiter, struct http *http);

#endif
