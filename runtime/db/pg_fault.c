/* SQLSTATE to fault. The classes are those of the PostgreSQL manual, appendix A. */
#include "pg_fault.h"

#include <stdio.h>
#include <string.h>

static const struct {
    const char *prefix; /* the first that matches counts */
    enum db_fault_kind kind;
} faults[] = {
    {"40001", DB_RETRY},       /* serialization failure */
    {"40P01", DB_RETRY},       /* deadlock */
    {"26000", DB_RETRY},       /* a prepared statement whose Parse was skipped */
    {"55P03", DB_LOCKED},      /* lock_timeout, NOWAIT */
    {"57014", DB_TIMEOUT},     /* statement_timeout or cancelled */
    {"23", DB_CONSTRAINT},     /* integrity constraint violations */
    {"53", DB_UNAVAILABLE},    /* out of disk, memory, connections */
    {"57P", DB_UNAVAILABLE},   /* shutting down, starting up, terminated */
    {"58030", DB_UNAVAILABLE}, /* input or output error */
    {"08", DB_UNAVAILABLE},    /* connection */
    {"25006", DB_UNAVAILABLE}, /* read only: a former primary */
    {"25P03", DB_UNAVAILABLE}, /* idle in transaction for too long */
};

enum db_fault_kind fault_kind(const char *sqlstate, bool reader)
{
    if (sqlstate[0] == '\0')
        return DB_UNAVAILABLE;
    if (reader && strcmp(sqlstate, "25006") == 0)
        return DB_BUG;
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        if (strncmp(sqlstate, faults[i].prefix, strlen(faults[i].prefix)) == 0)
            return faults[i].kind;
    }
    return DB_BUG;
}

const char *fault_sqlstate(const PGresult *result)
{
    const char *sqlstate = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    return sqlstate ? sqlstate : "";
}

/* Further lines are hints, or what was tried next. */
const char *fault_unreachable(const PGconn *pg)
{
    static char text[400];
    const char *said = PQerrorMessage(pg);

    snprintf(text, sizeof text, "the database cannot be reached: %.*s", (int)strcspn(said, "\n"),
             said);
    return text;
}
