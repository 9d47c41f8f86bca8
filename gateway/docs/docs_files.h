/* The files of gateway/docs/page, compiled into the program (tools/embed.cmake). */
#ifndef TRACTION_DOCS_FILES_H
#define TRACTION_DOCS_FILES_H

#include <stddef.h>

struct embedded {
    const char *name; /* without its folder */
    const unsigned char *data;
    size_t size;
};
extern const struct embedded docs_files[];
extern const size_t docs_files_count;

#endif
