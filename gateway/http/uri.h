/* Percent-decoding and query strings. */
#ifndef TRACTION_URI_H
#define TRACTION_URI_H

#include <stdbool.h>
#include <stddef.h>

#include "arena.h"
#include "str.h"

/* Decodes one path segment. False: a bad escape, a NUL, or bytes that are no UTF-8. Text without
 * escapes is answered as it is. */
bool uri_decode(struct arena *arena, struct str raw, struct str *text);
/* Encodes everything but unreserved characters. */
struct str uri_encode(struct arena *arena, struct str text);

enum { QUERY_PARAMETERS_MAX = 100 };

struct parameter {
    struct str name, value;
};

struct url_query {
    struct parameter *items;
    size_t count;
};

/* Splits and decodes ("+" is a space); names that begin with "_" are dropped. False as above, or
 * beyond the limits; *why then says so. */
bool query_parse(struct arena *arena, struct str raw, struct url_query *query, const char **why);
/* Removes every parameter of that name; answers the first one's value, absent when there is none.
 */
struct str query_take(struct url_query *query, const char *name);
/* Of a parameter that is repeated under this name only the last one stays. */
void query_keep_last(struct url_query *query, const char *name);
/* A packed map of each name to its values in order; absent when there are none. */
struct str query_pack(struct arena *arena, const struct url_query *query);

#endif
