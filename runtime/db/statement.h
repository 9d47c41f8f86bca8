/* A named SQL statement as tools/sqlgen makes it from queries.sql. The text is static, its
 * parameters are named; it is prepared on every connection, so bad SQL stops the start. */
#ifndef TRACTION_STATEMENT_H
#define TRACTION_STATEMENT_H

#include <stdbool.h>
#include <stddef.h>

struct model;
struct statement_plan; /* what the database said of it: types of parameters and columns (pg_plan.h)
                        */

struct statement {
    const char *name;              /* "GOAL_FOR_UPDATE"; also its prepared name */
    const char *text;              /* with $1, $2... */
    const char *const *parameters; /* parameters[0] is the name of $1 */
    size_t parameter_count;
    /* What it says of itself in queries.sql (tools/sqlgen/scan.h), which the start checks. */
    const struct model *fills;    /* the struct that a row fills; NULL: it answers no rows */
    const char *const *unfilled;  /* columns of it that rows lack; NULL: none; ends with NULL */
    const struct model *writes;   /* the struct that it stores; NULL: chosen columns or nothing */
    const char *const *unwritten; /* columns of it that it does not store; likewise */
    const char *const *sorts;     /* the names that :sort_field may have; ends with NULL */
    bool global;                  /* marked "-- global": may do without the tenant */
    bool long_read;              /* marked "-- long": may take long, so it has readers of its own */
    struct statement_plan *plan; /* filled when the first connection prepares it */
};

struct migration {
    const char *name; /* "runtime/0001_base", "0001_goals": applied in the table's order */
    const char *text;
};

#endif
