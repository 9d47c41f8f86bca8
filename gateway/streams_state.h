/* What the files of the streams share; private.
 *
 *   streams.c          made and taken down, and what happens every second
 *   stream_open.c      from a call to a stream
 *   stream_channel.c   follows a tenant's stream and passes on its entries
 *   stream_socket.c    one client's socket */
#ifndef TRACTION_STREAMS_STATE_H
#define TRACTION_STREAMS_STATE_H

#include "bus_subscriber.h"
#include "lru.h"
#include "stream.h"
#include "streams.h"

enum {
    EPOCH_MOST = 40,
    STREAM_PAGE = 100,            /* entries a client is caught up with at once */
    STREAM_BEHIND_BYTES = 262144, /* a client further behind is closed ... */
    STREAM_BEHIND_US = 30000000,  /* ... or so long */
    HEARTBEAT_US = 12000000,      /* without anything sent; the promise is 15 s */
};

struct streams {
    struct gateway *gateway;
    struct bus_subscriber *subscriber;
    struct lru *channels;
    struct loop_timer *tick;
    struct channel *first; /* all channels, for the tick */
    size_t open;
    int64_t per_user, per_tenant;
    bool draining;
    struct streams_counts counts;
};

/* A call that waits until its tenant's channel is ready. */
struct channel_wait {
    void (*next)(void *argument);
    void *argument;
    struct channel_wait *following;
};

struct channel {
    struct lru_item item; /* by tenant; first member */
    struct streams *streams;
    struct channel *next, *before;
    char *tenant;
    char epoch[EPOCH_MOST];
    int64_t place; /* everything up to here was passed on */
    int64_t head;  /* the highest place that is known to exist */
    bool ready;    /* epoch and place are known */
    bool asking;
    bool gone;    /* to be freed when the answer comes */
    int settling; /* looks that are still due because the subscription was new */
    int64_t used_us;
    struct channel_wait *waiting;
    struct stream *streams_open; /* list */
    size_t stream_count;
};

struct stream {
    struct channel *channel;
    struct stream *next, *before;
    char *user;
    struct uuid goal_id; /* none: the whole tenant */
    int fd;              /* -1 once closed */
    struct loop_fd *watch;
    bool live;         /* follows the channel; else it is being caught up */
    bool asking;       /* a page is under way, so the struct must stay */
    int64_t place;     /* everything up to here was sent */
    int64_t sent_us;   /* last write */
    int64_t behind_us; /* since when bytes wait; 0: none do */
    int64_t expires_s;
    char *pending; /* bytes that the socket did not take */
    size_t pending_size, pending_at;
};

/* --- stream_channel.c --- */

/* Never NULL. Makes the channel and subscribes when the tenant has none. */
struct channel *channel_of(struct streams *streams, struct str tenant);
/* `wait` is called back once it is ready or cannot be now. */
void channel_wait(struct channel *channel, struct channel_wait *wait);
void channel_drop(struct lru_item *item);
void channel_tick(struct channel *channel);
bus_news_fn channel_news;
/* The id of a place; NUL-terminated. */
struct str channel_id(struct arena *arena, const struct channel *channel, int64_t place);

/* Asks svc-realtime. `done` gets NULL when there was no answer; the page dies with the call. */
typedef void stream_page_fn(void *argument, const struct stream_page *page);
void stream_ask(struct streams *streams, struct str tenant, const struct stream_read *read,
                stream_page_fn *done, void *argument);

/* An entry as clients get it. */
struct str stream_render(struct channel *channel, struct arena *arena,
                         const struct stream_entry *entry);
bool stream_wants(const struct stream *stream, const struct stream_entry *entry);

/* --- stream_socket.c --- */

/* Takes over the descriptor, joins the channel's list. */
struct stream *stream_new(struct channel *channel, int fd, const struct identity *identity,
                          struct uuid goal_id);
/* Bytes to the client, now or when its socket takes them. False: the stream was closed. */
bool stream_send(struct stream *stream, struct str bytes);
/* Sends the entries behind stream->place until it has caught up with the channel. */
void stream_catch_up(struct stream *stream);
/* Says that events are missing, and goes on from the channel's place. */
void stream_reset(struct stream *stream);
/* Frees the stream, at the latest when the page that it asked for comes. */
void stream_close(struct stream *stream);
void stream_tick(struct stream *stream, int64_t now_us);

#endif
