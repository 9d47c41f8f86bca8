/* Byte strings: comparing, cutting, reading numbers, checking UTF-8. Allocates nothing. */
#include "str.h"

#include <string.h>

struct str str_of(const char *text)
{
    return text ? (struct str){text, strlen(text)} : STR_NONE;
}

bool str_equal(struct str a, struct str b)
{
    if (!a.data || !b.data)
        return !a.data && !b.data;
    return a.size == b.size && memcmp(a.data, b.data, a.size) == 0;
}

int str_compare(struct str a, struct str b)
{
    if (!a.data || !b.data)
        return (a.data == NULL) - (b.data == NULL);
    size_t size = a.size < b.size ? a.size : b.size;
    int order = memcmp(a.data, b.data, size);
    return order ? order : (a.size > b.size) - (a.size < b.size);
}

static unsigned char lower(char c)
{
    return (unsigned char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

bool str_equal_nocase(struct str a, struct str b)
{
    if (!a.data || !b.data)
        return !a.data && !b.data;
    if (a.size != b.size)
        return false;
    for (size_t i = 0; i < a.size; i++)
        if (lower(a.data[i]) != lower(b.data[i]))
            return false;
    return true;
}

bool str_starts_with(struct str text, struct str prefix)
{
    if (prefix.size == 0)
        return true;
    return text.size >= prefix.size && memcmp(text.data, prefix.data, prefix.size) == 0;
}

int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

struct str str_cut(struct str *text, char separator)
{
    struct str whole = *text;
    const char *found = whole.size > 0 ? memchr(whole.data, separator, whole.size) : NULL;

    if (!found) {
        *text = STR_NONE;
        return whole;
    }
    size_t before = (size_t)(found - whole.data);
    *text = (struct str){found + 1, whole.size - before - 1};
    return (struct str){whole.data, before};
}

bool str_to_int64(struct str text, int64_t *value)
{
    size_t at = 0;
    bool negative = text.size > 0 && text.data[0] == '-';
    uint64_t limit = negative ? (uint64_t)INT64_MAX + 1 : (uint64_t)INT64_MAX;
    uint64_t sum = 0;

    if (negative)
        at = 1;
    if (at == text.size)
        return false;
    for (; at < text.size; at++) {
        char c = text.data[at];
        if (c < '0' || c > '9')
            return false;
        uint64_t digit = (uint64_t)(c - '0');
        if (sum > (limit - digit) / 10)
            return false;
        sum = sum * 10 + digit;
    }
    /* The least int64_t has no positive counterpart to negate. */
    if (negative)
        *value = sum == limit ? INT64_MIN : -(int64_t)sum;
    else
        *value = (int64_t)sum;
    return true;
}

/* Bytes of the well-formed sequence that starts at `at`, or 0: table 3-7 of the Unicode standard.
 */
static size_t sequence_size(const unsigned char *at, size_t left)
{
    unsigned char first = at[0];
    unsigned char min = 0x80, max = 0xBF; /* of the second byte */
    size_t size;

    if (first < 0x80)
        return 1;
    if (first < 0xC2)
        return 0; /* a continuation, or an overlong form of ASCII */
    if (first < 0xE0) {
        size = 2;
    } else if (first < 0xF0) {
        size = 3;
        if (first == 0xE0)
            min = 0xA0; /* less would be overlong */
        if (first == 0xED)
            max = 0x9F; /* more would be a surrogate */
    } else if (first < 0xF5) {
        size = 4;
        if (first == 0xF0)
            min = 0x90;
        if (first == 0xF4)
            max = 0x8F; /* more would be above U+10FFFF */
    } else {
        return 0;
    }
    if (left < size || at[1] < min || at[1] > max)
        return 0;
    for (size_t i = 2; i < size; i++)
        if ((at[i] & 0xC0) != 0x80)
            return 0;
    return size;
}

bool utf8_valid(struct str text)
{
    const unsigned char *bytes = (const unsigned char *)text.data;
    size_t at = 0;

    while (at < text.size) {
        uint64_t word;
        /* Nearly all text is ASCII: eight bytes at once. */
        if (text.size - at >= sizeof word) {
            memcpy(&word, bytes + at, sizeof word);
            if ((word & UINT64_C(0x8080808080808080)) == 0) {
                at += sizeof word;
                continue;
            }
        }
        size_t size = sequence_size(bytes + at, text.size - at);
        if (size == 0)
            return false;
        at += size;
    }
    return true;
}

size_t utf8_length(struct str text)
{
    size_t count = 0;

    for (size_t i = 0; i < text.size; i++)
        count += ((unsigned char)text.data[i] & 0xC0) != 0x80;
    return count;
}
