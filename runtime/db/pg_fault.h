/* What an error of the database means to a session. */
#ifndef TRACTION_PG_FAULT_H
#define TRACTION_PG_FAULT_H

#include <stdbool.h>

#include <libpq-fe.h>

#include "db.h"

/* By SQLSTATE. "25006" means a server that became read only, unless `reader`: then it is a read
 * operation that tried to write, which is a bug. */
enum db_fault_kind fault_kind(const char *sqlstate, bool reader);
/* The five characters, "" when the error was made up by libpq. */
const char *fault_sqlstate(const PGresult *result);
/* Why there is no connection, in one line; static storage, until the next call. */
const char *fault_unreachable(const PGconn *pg);

#endif
