/* Renames the full file and opens a new one, so that no line is lost. The size is read before each
 * line, because other processes write into the file, too: children, and the supervisor. */
#include "log_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATH_LENGTH_MAX = 1100 };

static struct {
    const char *path; /* NULL: standard error is as it was given */
    off_t max;        /* bytes; more when a full file could not be put away */
} file;

static bool open_anew(void)
{
    int fd = open(file.path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);

    if (fd < 0)
        return false;
    bool good = dup2(fd, STDERR_FILENO) >= 0;
    close(fd);
    return good;
}

bool log_file_open(const char *path)
{
    file.path = path;
    file.max = LOG_FILE_MAX;
    if (open_anew())
        return true;
    file.path = NULL;
    return false;
}

static bool put_away(void)
{
    char from[PATH_LENGTH_MAX], to[PATH_LENGTH_MAX];

    for (int i = LOG_FILES_KEPT - 1; i >= 1; i--) {
        snprintf(from, sizeof from, "%s.%d", file.path, i);
        snprintf(to, sizeof to, "%s.%d", file.path, i + 1);
        if (rename(from, to) != 0 && errno != ENOENT)
            return false;
    }
    snprintf(to, sizeof to, "%s.1", file.path);
    return rename(file.path, to) == 0 || errno == ENOENT;
}

void log_file_make_room(size_t size)
{
    struct stat about;

    if (!file.path || fstat(STDERR_FILENO, &about) != 0 ||
        about.st_size + (off_t)size <= file.max || about.st_size == 0)
        return;
    if (put_away() && open_anew())
        file.max = LOG_FILE_MAX;
    else
        file.max = about.st_size + LOG_FILE_MAX; /* and not at every line */
}
