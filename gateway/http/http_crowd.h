/* Who has to go when there are too many connections, so that one client's do not keep others out.
 * A few places are kept free: of those that wait for their client, the one that does so longest is
 * closed, of the client first that has most connections. What is being served is left alone. */
#ifndef TRACTION_HTTP_CROWD_H
#define TRACTION_HTTP_CROWD_H

#include "http_state.h"

struct crowd *crowd_new(const struct networks *trusted, size_t most);
void crowd_destroy(struct crowd **crowd);

/* A connection has come, before or after it is in the list of peers; and one goes. */
void crowd_enter(struct crowd *crowd, struct peer *peer, const struct sockaddr *address);
void crowd_leave(struct crowd *crowd, struct peer *peer);

/* Closes some of the peers when too few places are left. */
void crowd_thin(struct crowd *crowd, struct http *http);

#endif
