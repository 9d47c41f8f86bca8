/* One exchange from its head to its answer, in the steps of libmicrohttpd's access handler. */
#include <assert.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "http_client.h"
#include "http_state.h"
#include "log.h"
#include "memory.h"

enum {
    SPARE_MAX = 64, /* exchanges kept for reuse */
    BODY_FIRST = 16 * 1024,
    DISCARD_BYTES_MAX = 32 << 20
};

struct exchange_state *exchange_take(struct http *http)
{
    struct exchange_state *state = http->spare;
    struct arena *arena;

    if (state) {
        http->spare = state->next_spare;
        http->spare_count--;
        arena = state->exchange.arena;
    } else {
        state = xmalloc(sizeof *state);
        arena = arena_new();
    }
    memset(state, 0, sizeof *state);
    state->exchange.arena = arena;
    state->exchange.state = state;
    http->exchange_count++;
    return state;
}

void exchange_free_spare(struct http *http)
{
    while (http->spare) {
        struct exchange_state *state = http->spare;
        http->spare = state->next_spare;
        arena_destroy(&state->exchange.arena);
        free(state);
    }
}

void exchange_give(struct http *http, struct exchange_state *state)
{
    http->exchange_count--;
    if (http->spare_count == SPARE_MAX) {
        arena_destroy(&state->exchange.arena);
        free(state);
        return;
    }
    arena_reset(state->exchange.arena);
    state->next_spare = http->spare;
    http->spare = state;
    http->spare_count++;
}

void http_field(struct exchange *exchange, const char *name, const char *value)
{
    struct exchange_state *state = exchange->state;

    assert(state->field_count < HTTP_FIELDS_MAX);
    state->fields[state->field_count++] = (struct header_field){name, value};
}

void http_close_after(struct exchange *exchange)
{
    exchange->state->close = true;
}

void http_unmeasured(struct exchange *exchange)
{
    exchange->state->unmeasured = true;
}

/* The product is done with it, inside the call or later. */
static void leave_served(struct exchange_state *state, enum phase phase)
{
    struct http_peer *peer = state->peer;

    assert(peer->phase == PHASE_ARRIVED || peer->phase == PHASE_SERVED);
    if (peer->phase == PHASE_SERVED) {
        MHD_resume_connection(state->connection);
        peer->http->again = true;
    }
    peer_enter(peer, phase);
}

void http_answer(struct exchange *exchange, int status, struct str body)
{
    struct exchange_state *state = exchange->state;

    state->status = status;
    state->answer = body;
    leave_served(state, PHASE_ANSWERED);
}

/* libmicrohttpd closes its descriptor without shutdown() (MHD_USE_TURBO), so the copy stays open.
 */
int http_take(struct exchange *exchange)
{
    struct exchange_state *state = exchange->state;
    int fd = fcntl(state->peer->fd, F_DUPFD_CLOEXEC, 0);

    leave_served(state, PHASE_TAKEN);
    return fd;
}

static ssize_t nothing(void *argument, uint64_t at, char *out, size_t size)
{
    (void)argument;
    (void)at;
    (void)out;
    (void)size;
    return MHD_CONTENT_READER_END_OF_STREAM;
}

static struct MHD_Response *make_response(const struct exchange_state *state)
{
    union {
        const char *in;
        void *out;
    } bytes = {.in = state->answer.data}; /* the library takes no const, but changes nothing */

    if (!state->unmeasured)
        return MHD_create_response_from_buffer(state->answer.size, bytes.out,
                                               MHD_RESPMEM_PERSISTENT);
    struct MHD_Response *response =
        MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, 1, nothing, NULL, NULL);
    /* Otherwise a last chunk would follow the head, which HEAD forbids. */
    MHD_set_response_options(response, MHD_RF_HTTP_1_0_COMPATIBLE_STRICT, MHD_RO_END);
    return response;
}

static enum MHD_Result send_answer(struct exchange_state *state)
{
    struct http *http = state->peer->http;
    struct MHD_Response *response = make_response(state);

    if (!response)
        abort();
    for (size_t i = 0; i < state->field_count; i++)
        if (MHD_add_response_header(response, state->fields[i].name, state->fields[i].value) !=
            MHD_YES)
            log_error("an answer's header field is not valid",
                      LOG_CSTR("name", state->fields[i].name));
    if (state->close || http->draining)
        MHD_add_response_header(response, MHD_HTTP_HEADER_CONNECTION, "close");
    enum MHD_Result queued =
        MHD_queue_response(state->connection, (unsigned)state->status, response);
    MHD_destroy_response(response);
    peer_enter(state->peer, PHASE_SENDING);
    return queued;
}

/* Lets the handler answer, and sends that or suspends until it comes. */
static enum MHD_Result serve(struct exchange_state *state)
{
    struct http_peer *peer = state->peer;
    const struct http_config *config = &peer->http->config;

    peer_enter(peer, PHASE_ARRIVED);
    config->arrived(config->argument, &state->exchange);
    if (peer->phase == PHASE_ANSWERED)
        return send_answer(state);
    if (peer->phase == PHASE_TAKEN)
        return MHD_NO;
    assert(!state->exchange.too_large && !state->exchange.head.fault);
    peer_enter(peer, PHASE_SERVED);
    MHD_suspend_connection(state->connection);
    return MHD_YES;
}

void exchange_look(struct exchange_state *state)
{
    struct http_peer *peer = state->peer;
    const struct http_config *config = &peer->http->config;

    if (peer->cancelled || !http_client_disconnected(peer->fd))
        return;
    peer->cancelled = true;
    config->cancelled(config->argument, &state->exchange);
}

/* Memory is reserved by Content-Length only up to a limit; beyond it the buffer grows with the data
 * received. */
static size_t body_guess(const struct head *head)
{
    if (head->length < 0)
        return head->chunked ? BODY_FIRST : 1;
    return head->length < BODY_FIRST ? (size_t)head->length : BODY_FIRST;
}

static enum MHD_Result take_head(struct exchange_state *state, const char *method, const char *url,
                                 const char *version)
{
    struct http *http = state->peer->http;
    struct head *head = &state->exchange.head;

    head->method = str_of(method);
    head->version = str_of(version);
    exchange_read_fields(state, url);
    head_finish(head);
    /* It also tolerates line ends in chunks that others read differently: no request that follows
     * such a body is believed. */
    state->close |= head->chunked;
    if (head->fault) {
        state->close = true;
        return serve(state);
    }
    state->wanted = http->config.head(http->config.argument, &state->exchange);
    bool large = head->length > (int64_t)http->config.body_max;
    if (head->fields[HEAD_EXPECT].data && large) {
        /* The client waits for 100 Continue, so there is nothing to discard. */
        state->exchange.too_large = true;
        state->close = true;
        return serve(state);
    }
    peer_enter(state->peer, state->wanted && !large ? PHASE_BODY : PHASE_DISCARD);
    if (state->wanted && !large)
        state->body = buffer_in(state->exchange.arena, body_guess(head));
    state->exchange.too_large = large;
    return MHD_YES;
}

/* libmicrohttpd accepts no answer in the middle of a body, so this one is written to the socket
 * directly. What the client still sends is read for some time, or a reset would discard the answer.
 */
void exchange_answer_early(struct exchange_state *state)
{
    struct http *http = state->peer->http;
    struct buffer out = buffer_in(state->exchange.arena, 1024);

    state->exchange.too_large = true;
    peer_enter(state->peer, PHASE_ARRIVED);
    http->config.arrived(http->config.argument, &state->exchange);
    assert(state->peer->phase == PHASE_ANSWERED);
    struct str line = arena_printf(
        state->exchange.arena, "HTTP/1.1 %d %s\r\nConnection: close\r\nContent-Length: %zu\r\n",
        state->status, MHD_get_reason_phrase_for((unsigned)state->status), state->answer.size);
    buffer_append(&out, line.data, line.size);
    for (size_t i = 0; i < state->field_count; i++) {
        line = arena_printf(state->exchange.arena, "%s: %s\r\n", state->fields[i].name,
                            state->fields[i].value);
        buffer_append(&out, line.data, line.size);
    }
    buffer_append(&out, "\r\n", 2);
    buffer_append(&out, state->answer.data, state->answer.size);
    /* It is small and the first data sent: it fits the socket's buffer unless the client has
     * disconnected. */
    ssize_t sent = send(state->peer->fd, out.data, out.size, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent != (ssize_t)out.size)
        log_debug("an early answer could not be sent", LOG_INT("sent", sent));
    shutdown(state->peer->fd, SHUT_WR);
    peer_enter(state->peer, PHASE_LINGER);
}

void http_answer_crashed(const struct exchange *exchange, struct str message)
{
    const struct exchange_state *state = exchange->state;

    if (state->peer->phase >= PHASE_ANSWERED)
        return;
    (void)!send(state->peer->fd, message.data, message.size, MSG_NOSIGNAL | MSG_DONTWAIT);
    shutdown(state->peer->fd, SHUT_WR);
}

static enum MHD_Result take_body(struct exchange_state *state, const char *data, size_t size)
{
    struct http *http = state->peer->http;

    if (state->wanted && !state->exchange.too_large) {
        if (size <= http->config.body_max - state->body.size) {
            buffer_append(&state->body, data, size);
            return MHD_YES;
        }
        state->exchange.too_large = true;
        state->discarded = state->body.size;
        peer_enter(state->peer, PHASE_DISCARD);
    }
    state->discarded += size;
    if (state->discarded > DISCARD_BYTES_MAX)
        exchange_answer_early(state);
    return MHD_YES;
}

/* NOLINTNEXTLINE(readability-function-size): the parameters are libmicrohttpd's. */
enum MHD_Result exchange_step(void *argument, struct MHD_Connection *connection, const char *url,
                              const char *method, const char *version, const char *data,
                              size_t *size, void **context)
{
    struct exchange_state *state = *context;
    size_t upload = *size;

    (void)argument;
    (void)connection;
    *size = 0; /* whatever came is taken */
    switch (state->peer->phase) {
    case PHASE_HEAD:
        return take_head(state, method, url, version);
    case PHASE_BODY:
    case PHASE_DISCARD:
        if (upload > 0)
            return take_body(state, data, upload);
        state->exchange.body = state->body.data ? buffer_str(&state->body) : STR("");
        return serve(state);
    case PHASE_ANSWERED:
        return send_answer(state);
    case PHASE_LINGER:
        return upload > 0 ? MHD_YES : MHD_NO; /* all read: now it may be closed */
    case PHASE_IDLE:
    case PHASE_ARRIVED:
    case PHASE_SERVED:
    case PHASE_TAKEN:
    case PHASE_SENDING:
    case PHASE_COUNT:
        break;
    }
    return MHD_NO;
}
