/* Where faults are planted is in wrap_*.c; which ones, the environment says. */
#define _DEFAULT_SOURCE /* MAP_ANONYMOUS */

#include "faults.h"

#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

bool fault_is_ahead(const char *place)
{
    const char *wanted = getenv("FAULTS_KILL");
    size_t size = strlen(place);

    return wanted && !strncmp(wanted, place, size) && (wanted[size] == ':' || !wanted[size]);
}

void fault_point(const char *place)
{
    static long reached;

    if (!fault_is_ahead(place))
        return;
    const char *number = strchr(getenv("FAULTS_KILL"), ':');
    if (++reached >= (number ? strtol(number + 1, NULL, 10) : 1))
        kill(getpid(), SIGKILL);
}

bool fault_planted(const char *mistake)
{
    const char *at = getenv("FAULTS_PLANTED");
    size_t size = strlen(mistake);

    for (; at; at = strchr(at, ',') ? strchr(at, ',') + 1 : NULL) {
        if (!strncmp(at, mistake, size) && (at[size] == ',' || !at[size]))
            return true;
    }
    return false;
}

/* Crashes by real signals: a sanitizer would detect the usual causes before the kernel does. */
static void touch(void)
{
    static char *closed; /* nobody goes on to give it back */
    /* cppcheck-suppress invalidFunctionArg ; no file, as mmap(2) wants it */
    closed = mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    *(volatile char *)closed = 1;
}

static unsigned deeper(unsigned depth)
{
    volatile char frame[512];

    frame[depth % sizeof frame] = (char)depth;
    return depth == UINT_MAX ? 0 : deeper(depth + 1) + (unsigned char)frame[depth % sizeof frame];
}

void fault_crash(const char *operation)
{
    const char *wanted = getenv("FAULTS_CRASH");
    size_t size = strlen(operation);

    if (!wanted || strncmp(wanted, operation, size) != 0 || wanted[size] != ':')
        return;
    const char *kind = wanted + size + 1;
    if (!strcmp(kind, "stack"))
        deeper(0);
    if (!strcmp(kind, "kill"))
        kill(getpid(), SIGKILL);
    touch();
}
