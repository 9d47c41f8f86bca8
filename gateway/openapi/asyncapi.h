/* The AsyncAPI 3.0 document of the streams, made from the table of events, the field tables and the
 * table of operations. Its schemas have the names that the OpenAPI document gives them. */
#ifndef TRACTION_ASYNCAPI_H
#define TRACTION_ASYNCAPI_H

#include "arena.h"
#include "json.h"
#include "str.h"

/* The whole document as JSON text, in `arena`. `base_path` is the second prefix
 * without '/' at its end, may be empty. */
struct str asyncapi_text(struct arena *arena, struct json *json, struct str base_path);

#endif
