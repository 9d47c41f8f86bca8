/* Opens the ports of several gateways and executes the program that starts those. A gateway takes
 * its socket from it by http_inherit. */
#include "hold_ports.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "config.h"
#include "http_listen.h"

enum { FD_FIRST = 3 };

/* Places are taken upwards, so no socket of ours is in the way of the next one. */
static bool hold(int port, int place)
{
    uint16_t bound;
    int fd = http_listen(config_cstr(CONFIG_HOST), (uint16_t)port, &bound);

    if (fd < 0)
        return false;
    if (fd == place)
        return fcntl(fd, F_SETFD, 0) == 0;
    return dup2(fd, place) == place && close(fd) == 0;
}

static void complain(int port, int error)
{
    const char *host = config_cstr(CONFIG_HOST);

    if (error == EADDRINUSE)
        fprintf(stderr, "traction: something else listens on %s:%d; choose another --port\n", host,
                port);
    else
        fprintf(stderr, "traction: cannot listen on %s, port %d: %s\n", host, port,
                error == EINVAL ? "that is no IP address" : strerror(error));
}

void hold_ports(int count, char **command)
{
    int first = (int)config_int(CONFIG_PORT);

    for (int i = 0; i < count; i++)
        if (first + i > UINT16_MAX || !hold(first + i, FD_FIRST + i)) {
            complain(first + i, errno);
            return;
        }
    execvp(command[0], command);
    fprintf(stderr, "traction: cannot start %s: %s\n", command[0], strerror(errno));
}
