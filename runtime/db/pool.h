/* Opens connections as they are needed and again when they die, and hands writers out. */
#ifndef TRACTION_POOL_H
#define TRACTION_POOL_H

#include "pg_link.h"
#include "session_state.h"

enum {
    RETRY_LEAST_MS = 50, /* between attempts to connect, doubled up to the most */
    RETRY_MOST_MS = 2000,
};

size_t pool_count(const struct database *database, bool writer, enum link_state state);
/* At least one link of each kind is open or opening. */
void pool_keep(struct database *database);
/* True when a link of that kind is open or may soon be. */
bool pool_hopeful(const struct database *database, bool writer);
void pool_grow(struct database *database, bool writer);
/* A free writer becomes the session's; false when there is none. */
bool pool_take(struct database *database, struct session *session);
/* False when too many wait already. */
bool pool_wait(struct database *database, struct session *session);
void pool_wait_no_more(struct database *database, struct session *session);
/* The session no longer needs its writer; the next waiting one gets it once it has settled. */
void pool_give_back(struct link *link);
/* What the pool wants to hear of its links. */
extern const struct link_events pool_link_events;
/* The link could not be opened or died; `reason` is a sentence for people. */
void pool_link_lost(struct link *link);

#endif
