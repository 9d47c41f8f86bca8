/* What the files of the HTTP listener share; nobody else includes this.
 *
 *   http.c           the listener: made, run from the loop, taken down
 *   http_scan.c      time limits
 *   http_exchange.c  one request: the steps in which libmicrohttpd calls its handler
 *   http_head.c      the fields of its head
 *   http_limiter.c     who has to go when there are too many
 *   http_peer.c      one connection, and the phase in which it is
 *
 * Each uses those below it alone. */
#ifndef TRACTION_HTTP_STATE_H
#define TRACTION_HTTP_STATE_H

#include <microhttpd.h>

#include "http.h"

/* Where a connection is, from one request to the next. peer_enter alone changes it. */
enum phase {
    PHASE_IDLE,
    PHASE_HEAD,
    PHASE_BODY,
    PHASE_DISCARD,  /* the body is read and thrown away */
    PHASE_ARRIVED,  /* the product is called with the whole request */
    PHASE_SERVED,   /* by the product, which has limits of its own; libmicrohttpd waits */
    PHASE_ANSWERED, /* by the product; libmicrohttpd does not know yet */
    PHASE_TAKEN,    /* the product has the socket */
    PHASE_SENDING,
    PHASE_LINGER, /* answered in the middle of the body; the client may still be writing */
    PHASE_COUNT
};

struct http_peer {
    struct http *http;
    int fd;
    enum phase phase;
    int64_t since_us;
    bool late;      /* came while draining */
    bool measured;  /* `taken` is of this phase */
    uint64_t taken; /* bytes of answers, when they were last looked at */
    struct exchange_state *exchange;
    bool cancelled; /* the client, while it is served */
    /* http_limiter.c's */
    struct client_source *source;
    bool trusted, leaving;
    struct http_peer *next, *before;
};

struct header_field {
    const char *name, *value;
};

struct exchange_state {
    struct exchange exchange; /* what the handler sees */
    struct http_peer *peer;
    struct MHD_Connection *connection;
    bool wanted; /* the body */
    struct buffer body;
    size_t discarded; /* bytes of the body */
    bool close;
    bool unmeasured; /* the answer has no body and no length */
    int status;
    struct str answer;
    struct header_field fields[HTTP_FIELDS_MAX];
    size_t field_count;
    struct exchange_state *next_spare;
};

struct http {
    struct http_config config;
    struct loop *loop;
    struct MHD_Daemon *daemon;
    struct loop_fd *watch;
    struct loop_timer *scan;
    int listen_fd;
    bool inherited; /* the socket: it goes on without us */
    uint16_t port;
    bool again; /* connections were resumed, or have work left */
    bool draining, closed;
    struct limiter *limiter;
    struct http_peer *peers;
    size_t peer_count;
    struct exchange_state *spare;
    size_t spare_count;
    size_t exchange_count;
    int64_t limits_us[PHASE_COUNT]; /* 0: none */
};

/* --- http_peer.c --- */

struct http_peer *peer_new(struct http *http, struct MHD_Connection *connection);
void peer_free(struct http_peer *peer);
void peer_enter(struct http_peer *peer, enum phase phase);

/* --- http_head.c --- */

/* The name of a field that is ours, not the client's: the same text, not an equal one. */
extern const char http_hidden_field[];

/* All fields, and whether the lines that held them were clean: into the exchange's head. */
void exchange_read_fields(struct exchange_state *state, const char *url);

/* --- http_exchange.c --- */

struct exchange_state *exchange_take(struct http *http);
void exchange_give(struct http *http, struct exchange_state *state);
void exchange_free_spare(struct http *http);
/* libmicrohttpd's access handler. */
enum MHD_Result exchange_step(void *argument, struct MHD_Connection *connection, const char *url,
                              const char *method, const char *version, const char *data,
                              size_t *size, void **context);
/* Checks whether the client of a suspended exchange is still connected. */
void exchange_look(struct exchange_state *state);
/* Answers in the middle of the body, which is too large or too slow. */
void exchange_answer_early(struct exchange_state *state);

/* --- http_scan.c --- */

/* How long a connection may be in each phase. */
void scan_set_limits(struct http *http);
/* A timer's: shuts down connections that have been in a phase too long. */
void scan(void *http);

#endif
