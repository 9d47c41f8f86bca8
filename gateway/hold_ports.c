/* Opens the ports of several gateways and the admin ports of all programs, and executes the program
 * that starts those. A gateway takes its socket from it by http_inherit, and each program its admin
 * socket by admin_inherit. */
#include "hold_ports.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "admin_listen.h"
#include "config.h"
#include "http_listen.h"
#include "services.h"

enum {
    FD_FIRST = 3,
    PROGRAMS = SERVICE_COUNT, /* the gateway is one of them */
    /* Admin ports that are not configured: places of one stack each, the usual one following from
     * its port; below 32768, where the kernel takes ports for outgoing connections from. */
    ADMIN_FIRST = 20000,
    ADMIN_PLACES = 2000,
};

static const char admin_variable[] = "SUPERVISE_ADMIN_PORT";

/* Places are taken upwards, so no socket of ours is in the way of the next one. */
static bool put(int fd, int target)
{
    if (fd == target)
        return fcntl(fd, F_SETFD, 0) == 0;
    return dup2(fd, target) == target && close(fd) == 0;
}

static bool hold(int port, int target)
{
    uint16_t bound;
    int fd = http_listen(config_cstr(CONFIG_HOST), (uint16_t)port, &bound);

    return fd >= 0 && put(fd, target);
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

static bool hold_gateways(int count)
{
    int first = (int)config_int(CONFIG_PORT);

    for (int i = 0; i < count; i++)
        if (first + i > UINT16_MAX || !hold(first + i, FD_FIRST + i)) {
            complain(first + i, errno);
            return false;
        }
    return true;
}

/* All of them or none. *port is the one that could not be had, and *what is why. */
static bool hold_admin(int first, int count, int target, int *port, const char **what)
{
    for (int i = 0; i < count; i++) {
        int fd = -1;
        *port = first + i;
        *what = "there is no such port";
        errno = EINVAL;
        if (*port <= UINT16_MAX)
            fd = admin_listen(config_cstr(CONFIG_ADMIN_HOST), (uint16_t)*port, what);
        if (fd >= 0 && put(fd, target + i))
            continue;
        int error = errno;
        while (i-- > 0)
            close(target + i);
        errno = error;
        return false;
    }
    return true;
}

static bool hold_configured(int first, int count, int target)
{
    const char *what, *host = config_cstr(CONFIG_ADMIN_HOST);
    int port;

    if (hold_admin(first, count, target, &port, &what))
        return true;
    if (errno == EADDRINUSE)
        fprintf(stderr,
                "traction: something else listens on %s:%d; choose another TRACTION_ADMIN_PORT "
                "(%d ports from it on are needed)\n",
                host, port, count);
    else
        fprintf(stderr, "traction: cannot listen on %s, port %d: %s\n", host, port, what);
    return false;
}

/* The previous ports, the default ones, or the next that are free. A stack that listens at the
 * first port also has the others, unless another program uses one. Returns the first, or 0. */
static int choose_admin(int count, int target)
{
    const char *before = getenv(admin_variable), *what = "";
    int usual = (int)config_int(CONFIG_PORT) % ADMIN_PLACES, port = 0;
    long remembered = before ? strtol(before, NULL, 10) : 0;

    if (remembered >= 1024 && remembered + count <= UINT16_MAX &&
        hold_admin((int)remembered, count, target, &port, &what))
        return (int)remembered;
    for (int i = 0; i < ADMIN_PLACES; i++) {
        int first = ADMIN_FIRST + (usual + i) % ADMIN_PLACES * PROGRAMS;
        if (hold_admin(first, count, target, &port, &what))
            return first;
        if (errno != EADDRINUSE)
            break;
    }
    fprintf(stderr, "traction: no %d admin ports can be had on %s: %s\n", count,
            config_cstr(CONFIG_ADMIN_HOST), what);
    return 0;
}

void hold_ports(int count, char **command)
{
    int target = FD_FIRST + count, first = (int)config_int(CONFIG_ADMIN_PORT);
    char text[8];

    if (!hold_gateways(count))
        return;
    if (first == 0)
        first = choose_admin(count * PROGRAMS, target);
    else if (!hold_configured(first, count * PROGRAMS, target))
        return;
    if (first == 0)
        return;
    snprintf(text, sizeof text, "%d", first);
    setenv(admin_variable, text, 1);
    execvp(command[0], command);
    fprintf(stderr, "traction: cannot start %s: %s\n", command[0], strerror(errno));
}
