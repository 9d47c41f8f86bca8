/* Shorter than any token that could be accepted: the signature alone has 43 characters, the
 * smallest header and claims some 70 more. */
#include "loggable.h"

#include <string.h>

#include "uri.h"

enum { WORD_MAX = 64, SEGMENTS_MAX = 10 };

bool loggable_is_token(struct str text)
{
    size_t dots = 0;
    bool begins = false; /* {" in base64url */

    for (size_t i = 0; i < text.size; i++) {
        dots += text.data[i] == '.';
        begins |= text.size - i >= 3 && memcmp(text.data + i, "eyJ", 3) == 0;
    }
    return begins && dots >= 2;
}

static bool is_word(struct str text)
{
    for (size_t i = 0; i < text.size; i++) {
        char c = text.data[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!letter && (c == '\0' || !strchr("-._~:", c)))
            return false;
    }
    return text.size <= WORD_MAX && !loggable_is_token(text);
}

struct str loggable_path(struct arena *arena, const struct head *head)
{
    if (head->fault)
        return STR_NONE;
    struct str rest = head_path(head);
    struct buffer out = buffer_in(arena, 128);
    str_cut(&rest, '/');
    for (int i = 0; rest.data && i < SEGMENTS_MAX; i++) {
        struct str segment = str_cut(&rest, '/'), word;
        if (!uri_decode(arena, segment, &word) || !is_word(word))
            word = STR("*");
        buffer_append(&out, "/", 1);
        buffer_append(&out, word.data, word.size);
    }
    if (rest.data)
        buffer_append(&out, "/*", 2);
    return buffer_str(&out);
}

struct str loggable_method(const struct head *head)
{
    static const char *const methods[] = {"GET",   "HEAD",    "POST",  "PUT",    "DELETE",
                                          "PATCH", "OPTIONS", "TRACE", "CONNECT"};

    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++)
        if (str_equal(head->method, str_of(methods[i])))
            return str_of(methods[i]);
    return STR("*");
}
