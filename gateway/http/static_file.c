/* Reads a file with bounds. The caller chooses the name; nothing of a request comes here. */
#include "static_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "log.h"

enum { FILE_MAX = 8 * 1024 * 1024 };

static bool read_all(int file, char *data, size_t size)
{
    for (size_t had = 0; had < size;) {
        ssize_t more = read(file, data + had, size - had);
        if (more <= 0)
            return false;
        had += (size_t)more;
    }
    return true;
}

struct str static_file_read(struct arena *arena, const char *folder, const char *name)
{
    struct str path = arena_printf(arena, "%s/%s", folder, name);
    struct str text = STR_NONE;
    struct stat about;
    int file = open(path.data, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

    if (file >= 0 && fstat(file, &about) == 0 && S_ISREG(about.st_mode) && about.st_size > 0 &&
        about.st_size <= FILE_MAX) {
        char *data = arena_alloc(arena, (size_t)about.st_size);
        if (read_all(file, data, (size_t)about.st_size))
            text = (struct str){data, (size_t)about.st_size};
    }
    if (file >= 0)
        close(file);
    if (!text.data)
        log_warning("cannot read a file of a page", LOG_TEXT("path", path));
    return text;
}
