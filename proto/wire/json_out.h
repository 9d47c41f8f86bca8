/* Answers: msgpack to JSON. */
#ifndef TRACTION_JSON_OUT_H
#define TRACTION_JSON_OUT_H

#include <stdbool.h>
#include <stdint.h>

#include "json.h"
#include "str.h"

/* Writes one packed value, part of a message that was validated, where the writer stands. Binary is
 * null, and so is nothing at all. */
void json_out(struct json *json, struct str packed);
/* The members of a packed map into the object that is open; anything else writes nothing. */
void json_out_members(struct json *json, struct str packed);

/* The same in several steps, for values of megabytes. */
enum { JSON_WALK_DEPTH = 40 /* as deep as a message may be (unpack.h) */ };
struct json_walk {
    struct str rest; /* what is not written yet */
    size_t depth;
    struct json_level {
        uint32_t left; /* items or pairs */
        bool map;
    } levels[JSON_WALK_DEPTH];
};

void json_walk_begin(struct json_walk *walk, struct json *json, struct str packed);
/* Goes on for about so many packed bytes; true when all is written. */
bool json_walk_on(struct json_walk *walk, struct json *json, size_t bytes);

#endif
