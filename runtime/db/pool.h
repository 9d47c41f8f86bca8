/* Opens connections as they are needed and again when they die, and hands writers out. */
#ifndef TRACTION_POOL_H
#define TRACTION_POOL_H

#include "pg_connection.h"
#include "session_state.h"

enum {
    RETRY_MIN_MS = 50, /* between attempts to connect, doubled up to the most */
    RETRY_MAX_MS = 2000,
    RETRY_SEVERAL_MS = 500, /* the same when another server may become primary any moment */
};

size_t pool_count(const struct database *database, enum pool_kind kind,
                  enum connection_state state);
/* At least one connection of each kind is open or opening. */
void pool_keep(struct database *database);
/* True when a connection of that kind is open or may soon be. */
bool pool_may_connect(const struct database *database, enum pool_kind kind);
void pool_grow(struct database *database, enum pool_kind kind);
/* A free writer becomes the session's; false when there is none. */
bool pool_take(struct database *database, struct session *session);
/* False when too many wait already. */
bool pool_wait(struct database *database, struct session *session);
void pool_wait_no_more(struct database *database, struct session *session);
/* The session no longer needs its writer; the next waiting one gets it once it has settled. */
void pool_give_back(struct db_connection *connection);
/* What the pool wants to hear of its connections. */
extern const struct connection_events pool_connection_events;
/* The connection could not be opened or died; `reason` is a sentence for people. */
void pool_connection_lost(struct db_connection *connection);

#endif
