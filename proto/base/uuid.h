/* UUIDs (RFC 9562). Our own ids are version 7: 48 bits of Unix milliseconds, then random bits with
 * a counter inside one millisecond, so ids of one process sort by creation. */
#ifndef TRACTION_UUID_H
#define TRACTION_UUID_H

#include <stdbool.h>
#include <stdint.h>

#include "str.h"

enum { UUID_TEXT_SIZE = 36 };

struct uuid {
    uint8_t bytes[16]; /* all zero means absent (JSON null) */
};

struct uuids {
    struct uuid *items;
    size_t count;
};

struct uuid uuid_v7(void); /* random bits from getrandom(2) */
bool uuid_is_none(struct uuid id);
bool uuid_equal(struct uuid a, struct uuid b);
int uuid_compare(struct uuid a, struct uuid b);
/* Exactly 8-4-4-4-12 hexadecimal digits of either case; the nil UUID is refused. */
bool uuid_parse(struct str text, struct uuid *id);
/* Writes UUID_TEXT_SIZE lower-case characters, no NUL. */
void uuid_format(struct uuid id, char *text);

#endif
