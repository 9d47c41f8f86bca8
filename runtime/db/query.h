/* One statement of a session with its encoded parameters; in the session's arena. */
#ifndef TRACTION_QUERY_H
#define TRACTION_QUERY_H

#include <stdbool.h>
#include <stdint.h>

#include "model.h"
#include "pg_plan.h"

/* The connection sends it, and the pipeline batch takes its result. */
struct db_query {
    struct statement *statement;
    const char *const *values;
    const int *sizes;
    enum { TAKE_NOTHING, TAKE_ROW, TAKE_ROWS, TAKE_COUNT } take;
    struct bound output;        /* TAKE_ROW; TAKE_ROWS: its model only */
    bool *found;                /* TAKE_ROW */
    struct list *list;          /* TAKE_ROWS */
    int64_t *affected;          /* TAKE_COUNT */
    const struct row_plan *row; /* TAKE_ROW, TAKE_ROWS */
    struct db_query *next;
};

#endif
