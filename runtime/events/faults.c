/* The tests' faults; nothing in the product. */
#include "faults.h"

#ifdef TRACTION_FAULTS
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool fault_awaits(const char *place)
{
    const char *wanted = getenv("FAULTS_KILL");
    size_t size = strlen(place);

    return wanted && !strncmp(wanted, place, size) && (wanted[size] == ':' || !wanted[size]);
}

void fault_point(const char *place)
{
    static long reached;

    if (!fault_awaits(place))
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
#else
typedef int faults_are_for_tests_only; /* ISO C wants a declaration */
#endif
