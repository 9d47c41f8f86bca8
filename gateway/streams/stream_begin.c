/* Takes the socket of a call over: writes the head of the answer, which is past libmicrohttpd, and
 * finds out where the client goes on. */
#include "stream_begin.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "log.h"
#include "loggable.h"
#include "timestamp.h"

enum {
    SEND_BUFFER = 65536,
    /* A client that reads nothing is closed, and counted, by ourselves before the kernel does it.
     */
    UNACKNOWLEDGED_MS = STREAM_BEHIND_US / 1000 + 15000,
};

static void add_line(struct buffer *out, const char *name, struct str value)
{
    buffer_append(out, name, strlen(name));
    buffer_append(out, ": ", 2);
    buffer_append(out, value.data, value.size);
    buffer_append(out, "\r\n", 2);
}

static struct str head_text(const struct call *call, int retry_ms)
{
    struct buffer out = buffer_in(call->arena, 1024);
    static const char line[] = "HTTP/1.1 200 OK\r\n";

    buffer_append(&out, line, sizeof line - 1);
    add_line(&out, "Content-Type", STR("text/event-stream"));
    add_line(&out, "X-Content-Type-Options", STR("nosniff"));
    add_line(&out, "Cache-Control", STR("no-store"));
    add_line(&out, "X-Accel-Buffering", STR("no"));
    add_line(&out, "X-Request-Id", call->log.request_id);
    add_line(&out, "Vary", STR("Origin"));
    if (call->origin.data) {
        add_line(&out, "Access-Control-Allow-Origin", call->origin);
        add_line(&out, "Access-Control-Expose-Headers", str_of(cors_exposed_fields));
    }
    add_line(&out, "Connection", STR("close"));
    struct str rest =
        call_is_head(call) ? STR("\r\n") : arena_printf(call->arena, "\r\nretry: %d\n\n", retry_ms);
    buffer_append(&out, rest.data, rest.size);
    return buffer_str(&out);
}

/* Socket options: small writes are sent at once; a dead client is noticed; data for a slow client
 * stays in our memory, where it is counted, rather than in the kernel's. */
static void prepare_socket(int fd)
{
    int one = 1, buffer = SEND_BUFFER, wait_ms = UNACKNOWLEDGED_MS;

    fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &wait_ms, sizeof wait_ms);
    setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &buffer, sizeof buffer);
}

/* The sequence number of an id; -1: not valid, or of another epoch. */
static int64_t sequence_of(const struct channel *channel, struct str id)
{
    int64_t sequence;
    struct str epoch = str_cut(&id, '-');

    if (!str_equal(epoch, str_of(channel->epoch)) || !id.data || !str_to_int64(id, &sequence))
        return -1;
    return sequence < 0 ? -1 : sequence;
}

/* Where the client resumes; false: not known. Of two ids the higher number counts:
 * browsers keep the address they began with and send the newer id in the header, polyfills keep the
 * header and put the newer one into the address. */
static bool find_sequence(const struct opening *opening, int64_t *sequence)
{
    const struct channel *channel = opening->channel;

    *sequence = opening->from;
    if (!opening->header.data && !opening->address.data)
        return str_equal(opening->epoch, str_of(channel->epoch));
    int64_t header = sequence_of(channel, opening->header);
    int64_t address = sequence_of(channel, opening->address);
    *sequence = header > address ? header : address;
    return *sequence >= 0;
}

/* -1: the client is gone already. */
static int take_socket(struct opening *opening)
{
    struct call *call = opening->call;
    const struct log_context *before = log_use(&call->log);

    log_info("stream", LOG_TEXT("path", loggable_path(call->arena, &call->exchange->head)),
             LOG_INT("resumes", opening->header.data || opening->address.data));
    log_use(before);
    int fd = http_take(call->exchange);
    if (fd >= 0)
        prepare_socket(fd);
    return fd;
}

void stream_begin(struct opening *opening)
{
    struct call *call = opening->call;
    struct str head = head_text(call, STREAM_RETRY_MS);
    int64_t sequence;
    bool known = find_sequence(opening, &sequence);
    int fd = take_socket(opening);

    if (fd < 0)
        return;
    call_metrics_count(call->shared->call_metrics, call->route.operation, 200,
                       monotonic_us() - call->began_us);
    struct stream *stream =
        stream_new(opening->channel, fd, &call->identity, opening->goal_id, opening->types);
    if (!stream_send(stream, head))
        return;
    if (!known) {
        stream_reset(stream);
    } else {
        stream->sequence = sequence;
        opening->streams->counts.replays += sequence != stream->channel->sequence;
        stream_catch_up(stream);
    }
}

void stream_begin_nothing(struct opening *opening, int retry_ms)
{
    struct str head = head_text(opening->call, retry_ms);
    int fd = take_socket(opening);

    if (fd < 0)
        return;
    (void)!send(fd, head.data, head.size, MSG_NOSIGNAL | MSG_DONTWAIT); /* or it is gone already */
    close(fd);
}
