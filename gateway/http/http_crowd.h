/* The connection limit: closes connections when there are too many, so that those of one client do
 * not exclude others. A few slots are kept free: of the connections that wait for their client, the
 * one that has waited longest is closed, first of the client with the most connections. Connections
 * with a request in progress are never closed. */
#ifndef TRACTION_HTTP_CROWD_H
#define TRACTION_HTTP_CROWD_H

#include "http_state.h"

struct crowd *crowd_new(const struct networks *trusted, size_t most);
void crowd_destroy(struct crowd **crowd);

/* A connection was opened (before or after it is added to the list of peers); and one was closed.
 */
void crowd_enter(struct crowd *crowd, struct peer *peer, const struct sockaddr *address);
void crowd_leave(struct crowd *crowd, struct peer *peer);

/* Closes some of the peers when too few slots are left. */
void crowd_thin(struct crowd *crowd, struct http *http);

#endif
