/* Answers: msgpack to JSON. */
#ifndef TRACTION_JSON_OUT_H
#define TRACTION_JSON_OUT_H

#include "json.h"
#include "str.h"

/* Writes one packed value, part of a message that was validated, where the writer stands. Binary is
 * null, and so is nothing at all. */
void json_out(struct json *json, struct str packed);
/* The members of a packed map into the object that is open; anything else writes nothing. */
void json_out_members(struct json *json, struct str packed);

#endif
