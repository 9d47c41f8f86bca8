/* The servers that a connection string names, such as "host=a,b port=5432,5433", and which of them
 * is asked first. libpq tries one after the other, but it waits for one that does not answer for as
 * long as it is let: so the next attempt begins behind that one, and with the one that was right
 * last. */
#ifndef TRACTION_SERVERS_H
#define TRACTION_SERVERS_H

#include <libpq-fe.h>
#include <stdbool.h>

struct servers;

/* What libpq is told beside the connection string; NULL: what that says. Valid until the next
 * servers_order. */
struct server_order {
    const char *host, *hostaddr, *port;
};

struct servers *servers_new(const PQconninfoOption *parts);
void servers_destroy(struct servers **servers);
bool servers_several(const struct servers *servers);
struct server_order servers_order(struct servers *servers);
/* The next attempt begins with the server of this connection, or with the one behind it. */
void servers_begin_with(struct servers *servers, const PGconn *pg);
void servers_begin_behind(struct servers *servers, const PGconn *pg);

#endif
