/* One query over a separate connection, because the pool's connections cannot be used yet: they
 * first prepare all statements, which fails for a role without the privileges. */
#include "role.h"

#include <stdlib.h>

#include "pg_blocking.h"
#include "pg_fault.h"
#include "pooler.h"

static const char question[] =
    "SELECT CASE WHEN rolsuper THEN 1 WHEN rolbypassrls THEN 2"
    " WHEN EXISTS (SELECT FROM pg_namespace n WHERE n.nspname = $1"
    "              AND pg_has_role(n.nspowner, 'USAGE'))"
    " OR EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
    "            WHERE n.nspname = $1 AND pg_has_role(c.relowner, 'USAGE')) THEN 3"
    " ELSE 0 END FROM pg_roles WHERE rolname = current_user";

static const char *const reasons[] = {"is bound by row level security", "is a superuser",
                                      "has BYPASSRLS", "owns the schema or something in it"};

enum role_state role_check(const char *url, const char *schema, const char **reason)
{
    PGconn *pg = pg_connect_blocking(url, "traction check");
    PGresult *result = PQexecParams(pg, question, 1, NULL, &schema, NULL, NULL, 0);
    enum role_state state = ROLE_UNREACHABLE;

    *reason = fault_unreachable(pg);
    if (PQresultStatus(result) == PGRES_TUPLES_OK && PQntuples(result) == 1) {
        long which = strtol(PQgetvalue(result, 0, 0), NULL, 10);
        *reason = reasons[which];
        state = which == 0 ? ROLE_BOUND : ROLE_PRIVILEGED;
    }
    if (state == ROLE_BOUND) {
        switch (pooler_check(url, pg, reason)) {
        case POOLER_HARMLESS:
            break;
        case POOLER_UNSUITABLE:
            state = ROLE_POOLED;
            break;
        case POOLER_UNKNOWN:
            state = ROLE_UNREACHABLE;
            break;
        }
    }
    PQclear(result);
    PQfinish(pg);
    return state;
}
