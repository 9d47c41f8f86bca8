/* Writing values as msgpack or as JSON: whoever writes through this says once what an answer has,
 * in whichever form it goes out. The JSON is that which json_out makes of the msgpack. */
#ifndef TRACTION_WRITER_H
#define TRACTION_WRITER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arena.h"
#include "json.h"
#include "str.h"

/* One of the two; the other is NULL. */
struct writer {
    struct buffer *packed;
    struct json *json;   /* started */
    void (*pause)(void); /* called between the items of lists of structs; NULL: nothing is */
};

/* The count of pairs, which JSON does not need, is that of what follows until the end. */
void writer_map(const struct writer *to, size_t pairs);
void writer_map_end(const struct writer *to);
void writer_array(const struct writer *to, size_t items);
void writer_array_end(const struct writer *to);
void writer_key(const struct writer *to, const char *name); /* of a field: needs no escapes */
void writer_text(const struct writer *to, struct str text); /* absent: null */
/* The same of what is known to need no escapes in JSON. */
void writer_plain(const struct writer *to, struct str text);
void writer_int(const struct writer *to, int64_t value);
void writer_double(const struct writer *to, double value); /* NaN and infinities: null */
void writer_bool(const struct writer *to, bool value);
void writer_null(const struct writer *to);
/* One whole, already packed value. */
void writer_packed(const struct writer *to, struct str packed);

#endif
