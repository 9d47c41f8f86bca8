/* Whether a request's head was written in lines that end with CRLF and hold no NUL. libmicrohttpd
 * takes a bare LF, folded fields, NULs and needless spaces too, where another program may see other
 * fields; it says nothing of it. But it parses in place and puts one NUL for each byte that it cuts
 * away, so the parts of a clean head lie behind one another at known distances.
 * Knows no libmicrohttpd, only where the texts lie. */
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
