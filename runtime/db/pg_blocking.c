#include "pg_blocking.h"

#include <stdlib.h>

PGconn *pg_connect_blocking(const char *url, const char *purpose)
{
    const char *const names[] = {"connect_timeout", "dbname", "application_name", NULL};
    const char *const values[] = {"5", url, purpose, NULL};
    PGconn *pg = PQconnectdbParams(names, values, 1);

    if (!pg)
        abort();
    return pg;
}
