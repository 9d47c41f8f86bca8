/* The OpenAPI 3.1 document of everything the gateway answers, made from the tables that route and
 * validate, so that it cannot say anything else than what happens. */
#ifndef TRACTION_OPENAPI_H
#define TRACTION_OPENAPI_H

#include "arena.h"
#include "json.h"
#include "str.h"

/* The whole document as JSON text, in `arena`. `base_path` is the second prefix
 * without '/' at its end, may be empty. */
struct str openapi_text(struct arena *arena, struct json *json, struct str base_path);

#endif
