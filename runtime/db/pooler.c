/* A pooler is seen by the process id: the one that came with the connection is the pooler's own,
 * the one that the server tells is another. Whether it keeps sessions is seen by a notification,
 * which reaches an idle client only when the server connection that listens is still the client's.
 * So a pooler that does not keep sessions is never let through, however idle it is. It must not be
 * used while the loop runs. */
#include "pooler.h"

#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "pg_blocking.h"
#include "pg_fault.h"
#include "timestamp.h"

enum { NOTIFIED_MS = 5000 }; /* how long a notification may take */

static const char unsuitable[] =
    "a pooler between it and PostgreSQL gives each transaction another session; let that pool by "
    "session"
    " (PgBouncer: pool_mode = session), or connect to PostgreSQL itself";

static bool ask(PGconn *pg, const char *sql, long *value)
{
    PGresult *result = PQexec(pg, sql);
    ExecStatusType status = PQresultStatus(result);

    if (status == PGRES_TUPLES_OK && PQntuples(result) == 1)
        *value = strtol(PQgetvalue(result, 0, 0), NULL, 10);
    PQclear(result);
    return status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK;
}

/* From another connection, which in a pool by transaction may get the one that listens. */
static bool notify(const char *url, const char *sql)
{
    PGconn *pg = pg_connect_blocking(url, "traction check");
    bool good = PQstatus(pg) == CONNECTION_OK && ask(pg, sql, &(long){0});

    PQfinish(pg);
    return good;
}

static bool notified(PGconn *pg)
{
    int64_t end_us = monotonic_us() + NOTIFIED_MS * INT64_C(1000);
    PGnotify *found = PQnotifies(pg);

    while (!found && PQstatus(pg) == CONNECTION_OK) {
        int64_t left_us = end_us - monotonic_us();
        struct pollfd socket = {.fd = PQsocket(pg), .events = POLLIN};
        if (left_us <= 0)
            return false;
        poll(&socket, 1, (int)(left_us / 1000) + 1);
        if (!PQconsumeInput(pg))
            return false;
        found = PQnotifies(pg);
    }
    PQfreemem(found);
    return found != NULL;
}

enum pooler_state pooler_check(const char *url, PGconn *pg, const char **reason)
{
    char listen[64], announce[64];
    long pid = 0;

    if (!ask(pg, "SELECT pg_backend_pid()", &pid)) {
        *reason = fault_unreachable(pg);
        return POOLER_UNKNOWN;
    }
    if (pid == PQbackendPID(pg))
        return POOLER_HARMLESS;
    snprintf(listen, sizeof listen, "LISTEN traction_%ld_%llx", pid, (long long)monotonic_us());
    snprintf(announce, sizeof announce, "NOTIFY %s", listen + sizeof "LISTEN");
    if (!ask(pg, listen, &pid) || !notify(url, announce)) {
        *reason = "the pooler between does not answer";
        return POOLER_UNKNOWN;
    }
    if (notified(pg))
        return POOLER_HARMLESS;
    bool silent = PQstatus(pg) == CONNECTION_OK;
    *reason = silent ? unsuitable : fault_unreachable(pg);
    return silent ? POOLER_UNSUITABLE : POOLER_UNKNOWN;
}
