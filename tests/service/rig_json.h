/* Between JSON, as tests write and read it, and msgpack, as the bus carries it. Private to the rig.
 */
#ifndef TRACTION_RIG_JSON_H
#define TRACTION_RIG_JSON_H

#include <jansson.h>

#include "arena.h"

/* A copy with one character instead of another. */
char *rig_swapped(struct arena *arena, const char *text, char from, char to);
/* JSON text with ' for ", packed; absent for NULL. Fails the test when it is none. */
struct str rig_packed(struct arena *arena, const char *text);
/* A packed value, or text, as JSON; null when absent. */
json_t *rig_json(struct arena *arena, struct str bytes);
json_t *rig_json_text(struct str text);
/* JSON text; fails the test when it is none. */
json_t *rig_json_parsed(struct str text);
/* The value at a path ("data.items[2].name"), not owned; NULL when there is none. */
json_t *rig_find(json_t *json, const char *path);

#endif
