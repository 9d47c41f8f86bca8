/* The plan of a statement: the types that the database described, which field supplies each
 * parameter and which field receives each column. Computed once for each pair of statement and
 * model, so that a request looks up no names. A pair that does not match is a bug of this program:
 * it is logged and the process aborts. */
#ifndef TRACTION_PG_PLAN_H
#define TRACTION_PG_PLAN_H

#include <libpq-fe.h>

#include "model.h"
#include "statement.h"

/* How a parameter is filled. */
struct parameter_source {
    const struct field *field;
    bool from_context; /* of the session's context instead of the input */
};

struct parameter_plan {
    const struct model *model; /* of the input; NULL for NOTHING */
    struct parameter_source *sources;
    struct parameter_plan *next;
};

struct row_plan {
    const struct model *model;
    const struct field **fields; /* by column */
    void *blank;                 /* a cleared struct */
    struct row_plan *next;
};

struct statement_plan {
    size_t index; /* in the pool's list */
    size_t parameter_count, column_count;
    Oid *parameters; /* types */
    Oid *columns;
    char **column_names;
    struct parameter_plan *bindings;
    struct row_plan *rows;
};

struct statement_plan *plan_new(size_t index);
void plan_free(struct statement_plan **plan);
/* From the answer to PQsendDescribePrepared. */
void plan_describe(struct statement *statement, const PGresult *description);

/* :tenant always comes from the context, other names from the input first. */
const struct parameter_plan *plan_parameters(struct statement *statement,
                                             const struct model *input);
const struct row_plan *plan_row(struct statement *statement, const struct model *model);

#endif
