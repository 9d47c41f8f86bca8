/* Shared by the files of the streams; private.
 *
 *   streams.c          made and taken down, and what reads want to know
 *   stream_open.c      from a call to a stream: is it allowed, does the goal exist
 *   stream_begin.c     takes the call's socket over
 *   stream_tick.c      what channels and streams do again and again, and who waits for a channel
 *   stream_follow.c    follows a tenant's stream
 *   stream_deliver.c   passes its entries on, in turns
 *   stream_socket.c    one client's socket
 *   stream_channel.c   the tenants that are watched
 *   stream_pending.c      messages after a gap, kept until it is filled
 *   stream_recent.c    the last entries, and what they look like
 *   stream_watcher.c   who has how many streams
 *   stream_unsent.c    bytes that a client's socket did not take
 *   stream_replay.c    whose turn it is to be sent what it has missed
 *   stream_ask.c       asks svc-realtime
 *
 * Each uses those below it alone. */
#ifndef TRACTION_STREAMS_STATE_H
#define TRACTION_STREAMS_STATE_H

#include "bulk_queue.h"
#include "bus_subscriber.h"
#include "call.h"
#include "fair_queue.h"
#include "lru.h"
#include "stream.h"

enum {
    EPOCH_MAX = 40,
    STREAM_PAGE = 100,            /* entries a client is caught up with at once */
    STREAM_BEHIND_BYTES = 262144, /* a client further behind is closed ... */
    STREAM_BEHIND_US = 30000000,  /* ... or so long */
    QUIET_MIN_US = 4000000,       /* of a channel's quiet_us; doubled by looks that find nothing */
};

struct streams {
    struct loop *loop;
    const struct call_shared *shared;
    struct bus_subscriber *subscriber;
    struct lru *channels, *watchers;
    struct loop_timer *tick;
    struct channel *first; /* all channels, for the tick */
    struct fair_queue *replays;
    size_t open;
    size_t pending; /* bytes that clients have not taken */
    int64_t max, per_user, per_tenant, pending_max, heartbeat_us;
    bool draining;
    struct {
        int64_t us, s; /* monotonic and of the day, as the tick began */
        size_t beats;  /* heartbeats it may still send: thousands at once would hold up the rest */
    } now;
    struct {
        uint64_t opened, sent, evicted, replays, gaps; /* as streams_counts has them */
    } counts;
};

/* Somebody with streams. */
struct watcher {
    struct lru_item item; /* first member */
    int64_t count;
    char key[]; /* tenant, NUL, user */
};

/* A wait for a channel to become ready, or for a time to pass. */
struct channel_wait {
    void (*next)(void *argument);
    void *argument;
    int64_t after_us; /* not before; 0: as soon as the channel is ready */
    int64_t until_us; /* not longer, whatever the channel is; 0: until it was asked for once */
    struct channel_wait *following;
};

/* An entry that is to be sent, or was, and is kept for clients that reconnect. */
struct recent_frame {
    struct recent_frame *next;
    struct stream_entry entry; /* its texts are in `bytes` */
    struct str text;           /* as clients get it; absent until somebody wants it */
    char bytes[];
};

struct channel {
    struct lru_item item; /* by tenant; first member */
    struct streams *streams;
    struct channel *next, *before;
    char *tenant;
    char epoch[EPOCH_MAX];
    int64_t sequence;  /* everything up to here is known, and kept from `delivered` on */
    int64_t head;      /* the highest number that is known to exist */
    int64_t delivered; /* every stream that follows was sent everything up to here */
    bool ready;        /* epoch and place are known */
    bool asking;
    bool closed;  /* to be freed when the answer comes */
    int settling; /* looks that are still due because the subscription was new */
    int64_t used_us, last_message_us;
    int64_t quiet_us; /* svc-realtime is asked after so long without a message */
    size_t holds;     /* calls that are about to open a stream */
    struct channel_wait *waiting;
    struct stream *streams_open; /* list */
    struct bulk_job turn;        /* which delivers, while `delivering` */
    bool delivering;
    void (*when_delivered)(struct channel *channel);
    struct stream *next_served; /* whose turn it is in this round; NULL: the round is over */
    int64_t round_sequence;     /* what this round delivers */
    size_t stream_count;
    size_t stream_bytes; /* that their clients have not taken */
    struct recent_frame *oldest,
        *newest; /* without a gap, up to `sequence`; none when nobody watches */
    size_t recent_bytes, recent_count;
    struct pending_message *pending, **pending_end; /* news behind a gap that is being filled */
    size_t pending_bytes;
};

/* A stream's place among those that are sent what they have missed. */
enum replay { REPLAY_NONE, REPLAY_WAITS, REPLAY_RUNS };

struct stream {
    struct channel *channel;
    struct stream *next, *before;
    struct watcher *watcher;
    struct uuid goal_id; /* none: the whole tenant */
    char *types;         /* wanted ones, separated by commas; NULL: the usual ones */
    int fd;              /* -1 once closed */
    struct loop_fd *watch;
    enum replay replay;
    struct fair_item turn;
    int64_t page_bytes; /* of the page that it was sent */
    bool live;          /* follows the channel; else it is being caught up */
    bool asking;        /* a page is under way, so the struct must stay */
    bool known;         /* svc-realtime has confirmed the place */
    bool lost;          /* the page under way is of an epoch that is over */
    bool ending;        /* closed as soon as the client has everything */
    int64_t sequence;   /* everything up to here was sent */
    int64_t sent_us;    /* last write */
    int64_t expires_s;
    char *pending; /* bytes that the socket did not take */
    size_t pending_size, pending_at;
    int64_t behind_us; /* since when the oldest of them waits, or a little longer */
    size_t to_mark;    /* what is behind the next so many of them ... */
    int64_t mark_us;   /* ... came after this */
};

/* --- stream_ask.c --- */

/* False for what is no page. */
bool stream_page_read(struct arena *arena, struct str packed, struct stream_page *page);
/* Asks svc-realtime. `done` gets NULL when there was no answer; the page dies with the call. */
typedef void stream_page_fn(void *argument, const struct stream_page *page);
void stream_ask(struct streams *streams, struct str tenant, const struct stream_read *read,
                stream_page_fn *done, void *argument);

/* --- stream_watcher.c --- */

struct watcher *watcher_of(struct streams *streams, const struct identity *identity);
void watcher_left(struct streams *streams, struct watcher *watcher);
void watcher_drop(struct lru_item *item);

/* --- stream_unsent.c --- */

/* Writes what the socket takes; `*bytes` is what it does not. False when the client is gone. */
bool unsent_write(struct stream *stream, struct str *bytes);
/* Keeps bytes behind those that wait already. */
void unsent_keep(struct stream *stream, struct str bytes);
/* All but the last so many of them were written. */
void unsent_taken(struct stream *stream, size_t left);
/* Notes how many wait: for the tenant's and the gateway's sums. */
void unsent_count(struct stream *stream, size_t bytes);
/* Whether the tenant's clients that do not read leave room for others'. */
bool unsent_has_room(const struct channel *channel);

/* --- stream_replay.c --- */

void replays_open(struct streams *streams);
/* The stream waits for its turn, unless it does or has it already. */
void replay_want(struct stream *stream);
/* Whose turn has come: it is to be sent one page; NULL: nobody's. */
struct stream *replay_next(struct streams *streams);
/* The turn is over, because the client has taken the page or there will be none. */
void replay_leave(struct stream *stream);

/* --- stream_recent.c --- */

/* The id of a sequence number; NUL-terminated. */
struct str channel_id(struct arena *arena, const struct channel *channel, int64_t sequence);
void recent_add(struct channel *channel, const struct stream_entry *entry);
/* Drops what need not be kept: of what was delivered, all but the last. */
void recent_trim(struct channel *channel);
/* Whether what has yet to be delivered leaves no room for more. */
bool recent_is_full(const struct channel *channel);
void recent_clear(struct channel *channel);
/* The entry behind `sequence`, from which on there is no gap; NULL when it is not kept. */
struct recent_frame *recent_behind(const struct channel *channel, int64_t sequence);
struct str recent_text(struct channel *channel, struct recent_frame *recent);
/* An entry as clients get it. */
struct str stream_render(struct channel *channel, struct arena *arena,
                         const struct stream_entry *entry);

/* --- stream_pending.c --- */

/* Messages that arrived while the entries before them were being read. */
struct pending_message {
    struct pending_message *next;
    size_t size;
    char body[];
};

void channel_hold_message(struct channel *channel, struct str body);
void channel_drop_pending(struct channel *channel);

/* --- stream_channel.c --- */

/* Never NULL. Makes the channel and subscribes when the tenant has none. It may go when nobody
 * holds it, waits or watches. */
struct channel *channel_of(struct streams *streams, struct str tenant);
void channel_hold(struct channel *channel);
void channel_release(struct channel *channel);
/* Calls back who need not wait any longer; `all`: everybody. */
void channel_answer(struct channel *channel, bool all);
void channel_drop(struct lru_item *item);
void channel_free(struct channel *channel);

/* --- stream_socket.c --- */

/* Takes over the descriptor, joins the channel's list. */
struct stream *stream_new(struct channel *channel, int fd, const struct identity *identity,
                          struct uuid goal_id, struct str types);
/* Bytes to the client, now or when its socket takes them. False: the stream was closed. */
bool stream_send(struct stream *stream, struct str bytes);
/* Sends what the channel has kept behind the stream's place, as few writes. False: the stream was
 * closed or is ending. */
bool stream_take_recent(struct stream *stream);
/* Sends the entries after stream->place until it has caught up with the channel. */
void stream_catch_up(struct stream *stream);
/* Sends a reset, which says that events are missing, and continues from the channel's number. */
void stream_reset(struct stream *stream);
/* Frees the stream, at the latest when the page that it asked for comes. */
void stream_close(struct stream *stream);
void stream_tick(struct stream *stream);
/* How long a client is to wait before it reconnects, different for each. */
int streams_drain_pause_ms(void);

/* --- stream_deliver.c --- */

/* Sends new entries to the streams that follow, some in each turn of the loop. `when_delivered` is
 * called at the end of each round, when there is room for more. */
void channel_deliver(struct channel *channel, void (*when_delivered)(struct channel *channel));

/* --- stream_follow.c --- */

bus_message_fn channel_on_message;
/* Reads the head at first, later the entries after the channel's `sequence`. */
void channel_ask(struct channel *channel);

/* --- stream_tick.c --- */

void channel_wait(struct channel *channel, struct channel_wait *wait);
void channel_tick(struct channel *channel);

#endif
