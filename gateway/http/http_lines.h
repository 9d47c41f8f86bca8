/* Whether a request's head was written in lines that end with CRLF and hold no NUL. libmicrohttpd
 * also accepts a bare LF, folded fields, NULs and extra spaces, where another program may see other
 * fields, and does not report it. But it parses in place and writes one NUL for each byte that it
 * removes, so the parts of a valid head follow one another at known distances.
 * Independent of libmicrohttpd; it only looks at the addresses of the texts. */
#ifndef TRACTION_HTTP_LINES_H
#define TRACTION_HTTP_LINES_H

#include <stdbool.h>

#include "str.h"

struct http_lines {
    const char *next; /* where the next field's name must begin */
    bool broken;
};

/* The request line's three parts. */
void http_lines_begin(struct http_lines *lines, struct str method, struct str target,
                      struct str version);
/* The fields, in the order in which they came. */
void http_lines_field(struct http_lines *lines, struct str name, struct str value);
/* Behind the empty line, where the body begins: false when the head was not clean. */
bool http_lines_end(const struct http_lines *lines, const char *end);

#endif
