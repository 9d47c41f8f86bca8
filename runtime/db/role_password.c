/* The password of a service's role, set by --migrate. Blocking calls. The password itself is never
 * sent, printed or logged. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "memory.h"
#include "pg_blocking.h"
#include "role.h"

/* Keeps the verifier out of the server's log; only a superuser may set this, so failing is ignored.
 */
static const char *const settings[] = {"SET client_min_messages = warning",
                                       "SET log_statement = none"};
/* The server quotes; the statement is what it answers. */
static const char pattern[] = "SELECT format('ALTER ROLE %I PASSWORD %L', $1::text, $2::text)";

static bool complain(const char *role, const char *what, const char *detail)
{
    fprintf(stderr, "migrate: password of %s: %s: %.*s\n", role, what, (int)strcspn(detail, "\n"),
            detail);
    return false;
}

static const char *option(const PQconninfoOption *options, const char *keyword)
{
    for (; options->keyword; options++)
        if (!strcmp(options->keyword, keyword))
            return options->val;
    return NULL;
}

/* The password in `url`, to be freed; NULL when there is none. *good becomes false after a line. */
static char *password_of(const char *url, const char *role, bool *good)
{
    PQconninfoOption *options = PQconninfoParse(url, NULL);
    const char *user = options ? option(options, "user") : NULL;
    const char *password = options ? option(options, "password") : NULL;
    char *copy = NULL;

    *good = options && (!password || (user && !strcmp(user, role)));
    if (!options)
        complain(role, "TRACTION_DATABASE_URL", "is no connection string");
    else if (!*good)
        complain(role, "TRACTION_DATABASE_URL", "is that of another role");
    else if (password)
        copy = xstrdup(password);
    PQconninfoFree(options);
    return copy;
}

static bool alter(PGconn *pg, const char *role, const char *verifier)
{
    const char *const values[] = {role, verifier};
    for (size_t i = 0; i < sizeof settings / sizeof *settings; i++)
        PQclear(PQexec(pg, settings[i]));
    PGresult *result = PQexecParams(pg, pattern, 2, NULL, values, NULL, NULL, 0);
    if (PQresultStatus(result) == PGRES_TUPLES_OK) {
        PGresult *altered = PQexec(pg, PQgetvalue(result, 0, 0));
        PQclear(result);
        result = altered;
    }
    bool good = PQresultStatus(result) == PGRES_COMMAND_OK;
    if (!good)
        complain(role, "refused", PQresultErrorMessage(result));
    PQclear(result);
    return good;
}

bool role_set_password(const char *owner_url, const char *service_url, const char *schema)
{
    char role[80];
    bool good;

    snprintf(role, sizeof role, "svc_%s", schema);
    char *password = password_of(service_url, role, &good);
    if (!password)
        return good;
    PGconn *pg = pg_connect_blocking(owner_url, "traction migrate");
    char *verifier = PQencryptPasswordConn(pg, password, role, "scram-sha-256");
    good = verifier ? alter(pg, role, verifier) : complain(role, "connect", PQerrorMessage(pg));
    if (verifier)
        PQfreemem(verifier);
    PQfinish(pg);
    free(password);
    return good;
}
