/* Finds a compiled-in file by its name. */
#include "docs_files.h"

#include <assert.h>
#include <string.h>

struct str docs_file(const char *name)
{
    for (size_t i = 0; i < docs_files_count; i++)
        if (strcmp(docs_files[i].name, name) == 0)
            return (struct str){(const char *)docs_files[i].data, docs_files[i].size};
    assert(!"a file that was not compiled in");
    return STR_NONE;
}
