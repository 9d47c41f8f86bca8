/* Writing msgpack. The writer appends to a buffer and cannot fail: memory aborts, and a map or
 * array whose announced count does not match what follows is caught by the reader's validation in
 * tests. pack.c and unpack.c are the only files that include msgpack-c. */
#ifndef TRACTION_PACK_H
#define TRACTION_PACK_H

#include <stdbool.h>
#include <stdint.h>

#include "arena.h"
#include "str.h"
#include "timestamp.h"
#include "uuid.h"

void pack_map(struct buffer *out, size_t pairs);
void pack_array(struct buffer *out, size_t items);
void pack_text(struct buffer *out, struct str text); /* absent writes nil */
void pack_bytes(struct buffer *out, struct str bytes);
void pack_int(struct buffer *out, int64_t value);
void pack_double(struct buffer *out, double value); /* NaN writes nil */
void pack_bool(struct buffer *out, bool value);
void pack_nil(struct buffer *out);
/* One whole, already packed value. */
void pack_raw(struct buffer *out, struct str packed);

/* The text forms that every message uses, written into `room`; absent values have none. */
struct str text_of_uuid(struct uuid id, char room[UUID_TEXT_SIZE]);
struct str text_of_time(struct timestamp t, char room[TIMESTAMP_TEXT_SIZE]);
struct str text_of_day(struct timestamp t, char room[TIMESTAMP_TEXT_SIZE]); /* 2025-01-15 */
/* The same packed; absent values write nil. */
void pack_uuid(struct buffer *out, struct uuid id);
void pack_time(struct buffer *out, struct timestamp t);
void pack_day(struct buffer *out, struct timestamp t);

/* A key of a map and its value, for hand-written messages. */
void pack_key(struct buffer *out, const char *name);

/* A map or array whose count is known only afterwards: five bytes are reserved and patched. */
struct pack_open {
    size_t at;
    uint32_t count; /* count up by hand, one per pair or item */
};
struct pack_open pack_map_open(struct buffer *out);
struct pack_open pack_array_open(struct buffer *out);
void pack_map_close(struct buffer *out, struct pack_open open);
void pack_array_close(struct buffer *out, struct pack_open open);

#endif
