/* Opens many streams cheaply and says when each event has reached all of them. It must cost little
 * beside what is measured, so it looks for one mark in what comes and keeps nothing.
 *
 *   listeners PORT COUNT SOURCES PATHS
 *
 * PATHS is a file with a path and a header field on each line, taken in turn, separated by a tab.
 * Connections come from 127.0.0.2 up to so many sources, since one has 28,000 ports for a server.
 * Prints `OPEN n` when all heads came, then `EVENT first last` in microseconds of the monotonic
 * clock whenever every stream got one more event, and `CLOSED n` when some were closed. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { LINES_MAX = 1000, LINE_LENGTH_MAX = 2000, OPENING_MAX = 100, EVENTS_MAX = 100000 };

static const char mark[] = "@@@@"; /* once in every event */
static const char head_end[] = "\r\n\r\n";

struct listener {
    int fd;
    bool open;
    int matched; /* bytes of what is looked for */
    int events;
};

static struct listener *listeners;
static int count, opened, opening, closed;
static int reached[EVENTS_MAX]; /* streams that have so many events */
static int64_t first_us[EVENTS_MAX];
static char *lines[LINES_MAX];
static int line_count;

static int64_t now_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static void read_lines(const char *name)
{
    FILE *file = fopen(name, "r");
    char line[LINE_LENGTH_MAX];

    if (!file)
        exit(2);
    while (line_count < LINES_MAX && fgets(line, sizeof line, file)) {
        line[strcspn(line, "\n")] = '\0';
        lines[line_count++] = strdup(line);
    }
    fclose(file);
}

static void begin(int epoll, int i, int port, int sources)
{
    struct sockaddr_in from = {.sin_family = AF_INET}, to = {.sin_family = AF_INET};
    int fd = socket(AF_INET, SOCK_STREAM, 0), one = 1, small = 8192;

    from.sin_addr.s_addr = htonl(0x7f000002u + (unsigned)(i % sources));
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    to.sin_port = htons((uint16_t)port);
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    setsockopt(fd, IPPROTO_IP, 24 /* IP_BIND_ADDRESS_NO_PORT */, &one, sizeof one);
    setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
    if (fd < 0 || bind(fd, (struct sockaddr *)&from, sizeof from) != 0 ||
        connect(fd, (struct sockaddr *)&to, sizeof to) != 0) {
        perror("listeners: connect");
        exit(1);
    }
    char request[LINE_LENGTH_MAX + 100];
    char *line = lines[i % line_count], *tab = strchr(line, '\t');
    int size = snprintf(request, sizeof request,
                        "GET %.*s HTTP/1.1\r\nHost: localhost\r\n"
                        "Accept: text/event-stream\r\n%s\r\n\r\n",
                        (int)(tab - line), line, tab + 1);
    if (write(fd, request, (size_t)size) != size)
        exit(1);
    fcntl(fd, F_SETFL, O_NONBLOCK);
    listeners[i].fd = fd;
    struct epoll_event event = {.events = EPOLLIN, .data.u32 = (uint32_t)i};
    epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
    opening++;
}

static void count_event(struct listener *listener)
{
    int event = listener->events++;

    if (event >= EVENTS_MAX)
        exit(1);
    if (reached[event]++ == 0)
        first_us[event] = now_us();
    if (reached[event] == count)
        printf("EVENT %lld %lld\n", (long long)first_us[event], (long long)now_us());
}

static void take(struct listener *listener, const char *bytes, ssize_t size)
{
    for (ssize_t i = 0; i < size; i++) {
        const char *wanted = listener->open ? mark : head_end;
        if (bytes[i] == wanted[listener->matched])
            listener->matched++;
        else
            listener->matched = bytes[i] == wanted[0];
        if (listener->matched < 4)
            continue;
        listener->matched = 0;
        if (listener->open) {
            count_event(listener);
            continue;
        }
        listener->open = true;
        opening--;
        if (++opened == count)
            printf("OPEN %d\n", opened);
    }
}

static void on_readable(struct listener *listener)
{
    char bytes[16384];
    ssize_t size;

    while ((size = recv(listener->fd, bytes, sizeof bytes, 0)) > 0) {
        if (!listener->open && memcmp(bytes, "HTTP/1.1 200", 12) != 0) {
            fprintf(stderr, "listeners: %.*s\n", (int)size, bytes);
            exit(1);
        }
        take(listener, bytes, size);
        if (size < (ssize_t)sizeof bytes)
            return;
    }
    if (size < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    close(listener->fd);
    printf("CLOSED %d\n", ++closed);
}

int main(int argc, char **argv)
{
    struct rlimit files;
    struct epoll_event events[1024];
    int begun = 0, epoll = epoll_create1(0);

    if (argc != 5)
        return 2;
    setvbuf(stdout, NULL, _IOLBF, 0);
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    count = atoi(argv[2]);
    listeners = calloc((size_t)count, sizeof *listeners);
    read_lines(argv[4]);
    for (;;) {
        while (begun < count && opening < OPENING_MAX)
            begin(epoll, begun++, atoi(argv[1]), atoi(argv[3]));
        int ready = epoll_wait(epoll, events, 1024, -1);
        for (int i = 0; i < ready; i++)
            on_readable(&listeners[events[i].data.u32]);
    }
}
