/* UUIDs: making version 7, reading and writing the text form. One thread makes them. */
#include "uuid.h"

#include <string.h>

#include "random.h"
#include "timestamp.h"

enum { COUNTER_MAX = 0xFFF, RANDOM_PER_ID = 10 };

struct uuid uuid_v7(void)
{
    static int64_t last_ms = -1;
    static unsigned counter;
    const uint8_t *random = random_take(RANDOM_PER_ID);
    int64_t now_ms = timestamp_now().us / 1000;
    struct uuid id;

    if (now_ms > last_ms) {
        last_ms = now_ms;
        /* Starts in the lower half, so that a busy millisecond has room to count. */
        counter = (((unsigned)random[0] << 8) | random[1]) & (COUNTER_MAX / 2);
    } else if (++counter > COUNTER_MAX) {
        /* Used up, or the clock went back: borrow from the next millisecond. */
        last_ms++;
        counter = 0;
    }
    for (int i = 0; i < 6; i++)
        id.bytes[i] = (uint8_t)((uint64_t)last_ms >> (40 - 8 * i));
    id.bytes[6] = (uint8_t)(0x70 | (counter >> 8));
    id.bytes[7] = (uint8_t)counter;
    memcpy(id.bytes + 8, random + 2, 8);
    id.bytes[8] = (uint8_t)(0x80 | (id.bytes[8] & 0x3F));
    return id;
}

bool uuid_is_none(struct uuid id)
{
    return uuid_equal(id, (struct uuid){{0}});
}

bool uuid_equal(struct uuid a, struct uuid b)
{
    return memcmp(a.bytes, b.bytes, sizeof a.bytes) == 0;
}

int uuid_compare(struct uuid a, struct uuid b)
{
    return memcmp(a.bytes, b.bytes, sizeof a.bytes);
}

static bool dash_before(size_t byte)
{
    return byte == 4 || byte == 6 || byte == 8 || byte == 10;
}

bool uuid_parse(struct str text, struct uuid *id)
{
    struct uuid parsed;
    const char *at = text.data;

    if (text.size != UUID_TEXT_SIZE)
        return false;
    for (size_t i = 0; i < sizeof parsed.bytes; i++) {
        if (dash_before(i) && *at++ != '-')
            return false;
        int high = hex_digit(at[0]), low = hex_digit(at[1]);
        if (high < 0 || low < 0)
            return false;
        parsed.bytes[i] = (uint8_t)(high << 4 | low);
        at += 2;
    }
    if (uuid_is_none(parsed))
        return false;
    *id = parsed;
    return true;
}

void uuid_format(struct uuid id, char *text)
{
    static const char digits[] = "0123456789abcdef";

    for (size_t i = 0; i < sizeof id.bytes; i++) {
        if (dash_before(i))
            *text++ = '-';
        *text++ = digits[id.bytes[i] >> 4];
        *text++ = digits[id.bytes[i] & 0xF];
    }
}
