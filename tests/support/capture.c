/* Standard error into a nameless file and back. */
#include "capture.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static FILE *caught;
static int kept_fd;

static void must(int ok)
{
    if (!ok)
        abort();
}

void capture_start(void)
{
    fflush(stderr);
    caught = tmpfile();
    must(caught != NULL);
    kept_fd = dup(STDERR_FILENO);
    must(kept_fd >= 0 && dup2(fileno(caught), STDERR_FILENO) >= 0);
}

char *capture_stop(size_t *size)
{
    fflush(stderr);
    must(dup2(kept_fd, STDERR_FILENO) >= 0);
    close(kept_fd);
    long end = fseek(caught, 0, SEEK_END) == 0 ? ftell(caught) : -1;
    must(end >= 0);
    rewind(caught);
    char *text = calloc(1, (size_t)end + 1);
    must(text != NULL && fread(text, 1, (size_t)end, caught) == (size_t)end);
    fclose(caught);
    if (size)
        *size = (size_t)end;
    return text;
}
