/* A named SQL statement as tools/sqlgen makes it from queries.sql. The text is static, its
 * parameters are named; it is prepared on every connection, so bad SQL stops the start. */
#ifndef TRACTION_STATEMENT_H
#define TRACTION_STATEMENT_H

#include <stdbool.h>
#include <stddef.h>

struct statement_plan; /* what the database said of it: parameter and column types (db.c) */

struct statement {
    const char *name;              /* "GOAL_LOCK"; also its prepared name */
    const char *text;              /* with $1, $2... */
    const char *const *parameters; /* parameters[0] is the name of $1 */
    size_t parameter_count;
    bool global;                 /* marked "-- global": may do without the tenant */
    struct statement_plan *plan; /* filled when the first connection prepares it */
};

struct migration {
    const char *name; /* "runtime/0001_base", "0001_goals": applied in the table's order */
    const char *text;
};

#endif
