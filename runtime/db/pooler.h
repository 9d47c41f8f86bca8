/* Whether what is between this process and PostgreSQL keeps sessions: prepared statements, settings
 * and locks belong to one, so a pooler that gives every transaction another server connection
 * (PgBouncer with pool_mode = transaction) must not be used. A blocking call, used before requests
 * are taken. */
#ifndef TRACTION_POOLER_H
#define TRACTION_POOLER_H

#include <libpq-fe.h>

enum pooler_state {
    POOLER_HARMLESS,   /* there is none, or it keeps sessions */
    POOLER_UNSUITABLE, /* *reason says so, with the remedy */
    POOLER_UNKNOWN,    /* it could not be found out */
};

/* `pg` is connected by `url`, which is used for another connection when there is a pooler; it may
 * listen afterwards. *reason has static storage, and is left alone when there is nothing to say. */
enum pooler_state pooler_check(const char *url, PGconn *pg, const char **reason);

#endif
