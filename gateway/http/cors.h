/* Which browser origins may read answers. */
#ifndef TRACTION_CORS_H
#define TRACTION_CORS_H

#include <stdbool.h>

#include "str.h"

struct cors;

/* `origins` as in TRACTION_CORS_ORIGINS; must outlive. */
struct cors *cors_new(struct str origins);
void cors_destroy(struct cors **cors);

bool cors_allows(const struct cors *cors, struct str origin);

/* Values of the header fields, the same for every route. */
extern const char cors_allowed_fields[];
extern const char cors_exposed_fields[];
extern const char cors_max_age[];

#endif
