/* Compares addresses and reads nothing. */
#include "http_lines.h"

enum { LINE_END = 2 }; /* CR and LF */

void http_lines_begin(struct http_lines *lines, struct str method, struct str target,
                      struct str version)
{
    lines->broken = target.data != method.data + method.size + 1 ||
                    version.data != target.data + target.size + 1;
    lines->next = version.data + version.size + LINE_END;
}

/* Behind the name come the colon and blanks; a folded field's name lies elsewhere. */
void http_lines_field(struct http_lines *lines, struct str name, struct str value)
{
    lines->broken |= name.data != lines->next || value.data <= name.data + name.size;
    lines->next = value.data + value.size + LINE_END;
}

bool http_lines_end(const struct http_lines *lines, const char *end)
{
    return !lines->broken && end == lines->next + LINE_END;
}
