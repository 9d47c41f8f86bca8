/* Makes the listening socket and asks the kernel about others: without libmicrohttpd, whose own
 * binding takes no address as text. */
#include "http_listen.h"

#include <arpa/inet.h>
#include <asm/socket.h> /* SO_ATTACH_FILTER, which POSIX does not have */
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/tcp.h> /* glibc's own has no tcpi_bytes_acked */
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "log.h"

enum { BACKLOG = 4096, INHERITED_FD = 3 }; /* systemd's SD_LISTEN_FDS_START */

struct listen_address {
    union {
        struct sockaddr any;
        struct sockaddr_in four;
        struct sockaddr_in6 six;
    } of;
    socklen_t size;
};

static int read_address(const char *host, uint16_t port, struct listen_address *address)
{
    memset(address, 0, sizeof *address);
    if (inet_pton(AF_INET, host, &address->of.four.sin_addr) == 1) {
        address->of.four.sin_family = AF_INET;
        address->of.four.sin_port = htons(port);
        address->size = sizeof address->of.four;
        return AF_INET;
    }
    if (inet_pton(AF_INET6, host, &address->of.six.sin6_addr) == 1) {
        address->of.six.sin6_family = AF_INET6;
        address->of.six.sin6_port = htons(port);
        address->size = sizeof address->of.six;
        return AF_INET6;
    }
    errno = EINVAL;
    return -1;
}

static uint16_t port_of(const struct listen_address *address)
{
    return ntohs(address->of.any.sa_family == AF_INET ? address->of.four.sin_port
                                                      : address->of.six.sin6_port);
}

int http_listen(const char *host, uint16_t port, uint16_t *bound)
{
    struct listen_address address;
    int family = read_address(strcmp(host, "localhost") == 0 ? "127.0.0.1" : host, port, &address);
    int fd = family < 0 ? -1 : socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

    if (fd < 0)
        return -1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &(int){1}, sizeof(int));
    if (bind(fd, &address.of.any, address.size) != 0 || listen(fd, BACKLOG) != 0 ||
        getsockname(fd, &address.of.any, &address.size) != 0) {
        int error = errno;
        close(fd);
        errno = error;
        return -1;
    }
    *bound = port_of(&address);
    return fd;
}

/* LISTEN_PID says that it is meant for us, not for a parent that did not take it. */
int http_inherit(uint16_t *bound)
{
    const char *owner = getenv("LISTEN_PID"), *count = getenv("LISTEN_FDS");
    struct listen_address address = {.size = sizeof address.of};
    int listens = 0;

    if (!owner || !count || strtol(owner, NULL, 10) != getpid() || strtol(count, NULL, 10) < 1)
        return -1;
    if (getsockopt(INHERITED_FD, SOL_SOCKET, SO_ACCEPTCONN, &listens,
                   &(socklen_t){sizeof listens}) != 0 ||
        !listens || getsockname(INHERITED_FD, &address.of.any, &address.size) != 0)
        return -1;
    fcntl(INHERITED_FD, F_SETFD, FD_CLOEXEC);
    fcntl(INHERITED_FD, F_SETFL, fcntl(INHERITED_FD, F_GETFL) | O_NONBLOCK);
    *bound = port_of(&address);
    return INHERITED_FD;
}

/* A classic BPF program; it sees each packet from its TCP header on. */
void http_refuse(int fd)
{
    enum { FLAGS_AT = 13, FLAG_SYN = 0x02, FLAG_ACK = 0x10, PASS = -1, DISCARD = 0 };
    struct sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_B | BPF_ABS, FLAGS_AT),
        BPF_STMT(BPF_ALU | BPF_AND | BPF_K, FLAG_SYN | FLAG_ACK),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, FLAG_SYN, 1, 0),
        BPF_STMT(BPF_RET | BPF_K, (uint32_t)PASS),
        BPF_STMT(BPF_RET | BPF_K, DISCARD),
    };
    struct sock_fprog program = {.len = sizeof code / sizeof *code, .filter = code};

    if (setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program) != 0)
        log_warning("cannot stop clients from connecting while the socket is closed",
                    LOG_CSTR("error", strerror(errno)));
}

uint64_t http_bytes_taken(int fd)
{
    struct tcp_info info;
    socklen_t size = sizeof info;

    memset(&info, 0, sizeof info);
    if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &size) != 0)
        return 0;
    return info.tcpi_bytes_acked;
}

void http_hang_up(int fd, bool drop)
{
    struct linger none = {.l_onoff = 1, .l_linger = 0};

    if (drop)
        setsockopt(fd, SOL_SOCKET, SO_LINGER, &none, sizeof none);
    shutdown(fd, SHUT_RDWR);
}
