/* Makes or inherits the socket of an admin port. It knows no HTTP. */
#include "admin_listen.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { BACKLOG = 16, INHERITED_FIRST = 3 }; /* systemd's SD_LISTEN_FDS_START */

int admin_listen(const char *host, uint16_t port, const char **what)
{
    struct addrinfo hints = {.ai_flags = AI_PASSIVE, .ai_socktype = SOCK_STREAM}, *found = NULL;
    char service[8];
    int on = 1, error = 0;

    snprintf(service, sizeof service, "%u", (unsigned)port);
    int failure = getaddrinfo(host, service, &hints, &found);
    if (failure) {
        *what = gai_strerror(failure);
        errno = EINVAL;
        return -1;
    }
    int fd = socket(found->ai_family, found->ai_socktype | SOCK_CLOEXEC | SOCK_NONBLOCK,
                    found->ai_protocol);
    if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) ||
        bind(fd, found->ai_addr, found->ai_addrlen) || listen(fd, BACKLOG)) {
        error = errno;
        *what = strerror(error);
        if (fd >= 0)
            close(fd);
        fd = -1;
    }
    freeaddrinfo(found);
    errno = error;
    return fd;
}

/* How many names stand before "admin" in a list with colons; -1 when it is not in there. */
static int index_of_admin(const char *names)
{
    for (int index = 0; names; index++) {
        size_t size = strcspn(names, ":");
        if (size == strlen("admin") && strncmp(names, "admin", size) == 0)
            return index;
        names = names[size] ? names + size + 1 : NULL;
    }
    return -1;
}

int admin_inherit(void)
{
    const char *owner = getenv("LISTEN_PID"), *count = getenv("LISTEN_FDS");
    int index = index_of_admin(getenv("LISTEN_FDNAMES"));
    int fd = INHERITED_FIRST + index, listens = 0;

    if (!owner || !count || index < 0 || strtol(owner, NULL, 10) != getpid() ||
        index >= strtol(count, NULL, 10))
        return -1;
    if (getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listens, &(socklen_t){sizeof listens}) != 0 ||
        !listens)
        return -1;
    fcntl(fd, F_SETFD, FD_CLOEXEC);
    fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
    return fd;
}
