/* A connection of its own for what is asked before requests are taken, with blocking libpq calls.
 * It must not be used while the loop runs. */
#ifndef TRACTION_PG_BLOCKING_H
#define TRACTION_PG_BLOCKING_H

#include <libpq-fe.h>

/* `purpose` is what pg_stat_activity calls it. PQstatus() says how it went; PQfinish() ends it. */
PGconn *pg_connect_blocking(const char *url, const char *purpose);

#endif
