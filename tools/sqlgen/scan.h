/* Reads queries.sql: splits it at its `-- name: GOAL_FOR_UPDATE` lines and turns :named parameters
 * into $1, $2... It knows just enough of SQL's lexical rules to do that safely (quotes, dollar
 * quotes, comments, casts, array slices) and nothing of its grammar. Pure functions over memory,
 * any bytes.
 *
 *   -- fragment: GOAL_COLUMNS
 *   g.id, g.title, g.intent;
 *
 *   -- name: GOAL_FOR_UPDATE
 *   -- global            (at the name, above or below: may do without :tenant)
 *   SELECT :GOAL_COLUMNS FROM goals g WHERE g.tenant_id = :tenant AND g.id = :id FOR UPDATE;
 *
 * A fragment is text that several statements have in common. It is put in where :ITS_NAME stands,
 * as if it were written there, so that it may have :named parameters, and fragments above it, too.
 * One that is a list of names is also put in name by name, each in the place of '*' in what follows
 * in parentheses, with commas between:
 *
 *   UPDATE goals SET :GOAL_CHANGES(* = :*) ...     title = $1, intent = $2, ...
 *   SELECT :GOAL_COLUMNS(g.*) ...                  g.id, g.title, ...
 *
 * Comments do not reach the database. Those right under a statement's name may say what the start
 * of the program checks (runtime/db/statement_check.h):
 *
 *   -- fills: goal except a b      its rows fill struct goal (goal_model), but for these fields
 *   -- writes: goal except a b     it stores a struct goal, but for these fields
 *   -- partial                     it writes chosen columns and no struct; INSERT and UPDATE say
 *                                  this, or what they write
 *   -- long                        it may take long: it has connections of its own
 *   -- sorts: goal                 it knows each name of goal_sort_fields (CASE ... WHEN 'title')
 */
#ifndef SQLGEN_SCAN_H
#define SQLGEN_SCAN_H

#include <stdbool.h>
#include <stddef.h>

enum { SCAN_NAME_MAX = 60, SCAN_PARAMETERS_MAX = 200 };

/* What a statement says of a struct, without the "_model" of its table; NULL: nothing. */
struct scan_mark {
    char *model;       /* "goal" */
    char **exceptions; /* columns */
    size_t exception_count;
};

struct scan_statement {
    char *name;   /* "GOAL_FOR_UPDATE" */
    size_t line;  /* of its name, from 1 */
    bool global;  /* marked so */
    bool is_long; /* marked so */
    bool partial; /* marked so */
    bool changes; /* has INSERT or UPDATE */
    struct scan_mark fills, writes, sorts;
    char *text;        /* NUL-terminated, with $1, $2..., no comments, no trailing semicolon */
    char **parameters; /* parameters[0] is the name of $1 */
    size_t parameter_count;
};

struct scan_fragment {
    char *name;        /* "GOAL_COLUMNS" */
    size_t line;       /* of its name, from 1 */
    char *text;        /* as in the file, without the semicolon */
    size_t size;       /* bytes of text */
    size_t first_line; /* of text */
    bool used;
};

struct scan {
    struct scan_statement *items;
    size_t count;
    struct scan_fragment *fragments;
    size_t fragment_count;
};

struct scan_error {
    size_t line; /* from 1 */
    char message[200];
};

/* False and *error at the first mistake. *scan is to be freed in either case. */
bool scan_queries(const char *text, size_t size, struct scan *scan, struct scan_error *error);
void scan_free(struct scan *scan);

#endif
