/* Answers: msgpack to JSON. */
#ifndef TRACTION_JSON_OUT_H
#define TRACTION_JSON_OUT_H

#include "arena.h"
#include "json.h"
#include "str.h"
#include "unpack.h"

/* Writes one packed value where the writer stands; malformed bytes and binary write null. */
void json_out(struct json *json, struct arena *arena, struct str packed);
/* The members of a packed map into the object that is open; anything else writes nothing. */
void json_out_members(struct json *json, struct arena *arena, struct str packed);

#endif
