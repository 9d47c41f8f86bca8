/* Byte strings with a length: everything that comes from outside is held in one of these, because
 * it may contain any byte and is rarely NUL-terminated. A struct str owns nothing; whoever made
 * the bytes (an arena, a literal, a socket message) says how long they live. */
#ifndef TRACTION_STR_H
#define TRACTION_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct str {
    const char *data; /* NULL means absent (JSON null), which is not the same as empty */
    size_t size;      /* bytes */
};

#define STR(literal) ((struct str){(literal), sizeof(literal) - 1})
#define STR_NONE ((struct str){NULL, 0})

/* For printf: printf(STR_FMT, STR_ARG(s)). */
#define STR_FMT "%.*s"
#define STR_ARG(s) (int)(s).size, (s).data ? (s).data : ""

/* The bytes of a NUL-terminated string, without the NUL; absent for NULL. */
struct str str_of(const char *text);

bool str_equal(struct str a, struct str b);
/* Less than, equal to or greater than 0, by bytes (which orders UTF-8 by code points); an absent
 * text comes last. */
int str_compare(struct str a, struct str b);
/* ASCII letters only; used for names of HTTP headers, roles and the like. */
bool str_equal_nocase(struct str a, struct str b);
bool str_starts_with(struct str text, struct str prefix);

/* 0 to 15; -1 when `c` is no hexadecimal digit. */
int hex_digit(char c);

/* Cuts `text` at the first `separator`: answers the part before it and moves `text` behind it.
 * Without a separator answers everything and leaves `text` absent. */
struct str str_cut(struct str *text, char separator);

/* A whole decimal number within int64_t, without sign '+' or spaces. */
bool str_to_int64(struct str text, int64_t *value);

/* RFC 3629: no surrogates, no overlong forms, nothing above U+10FFFF. NUL is valid here. */
bool utf8_valid(struct str text);
/* Code points in valid UTF-8: what the product calls characters. */
size_t utf8_length(struct str text);

#endif
