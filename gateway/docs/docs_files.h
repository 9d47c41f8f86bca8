/* The files of gateway/docs/page, compiled into the program (tools/embed.cmake). */
#ifndef TRACTION_DOCS_FILES_H
#define TRACTION_DOCS_FILES_H

#include <stddef.h>

#include "str.h"

struct embedded {
    const char *name; /* without its folder */
    const unsigned char *data;
    size_t size;
};
extern const struct embedded docs_files[];
extern const size_t docs_files_count;

/* One of them, which must be there. */
struct str docs_file(const char *name);

#endif
