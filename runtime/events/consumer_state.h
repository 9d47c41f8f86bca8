/* Shared by the files of a consumer. Private to runtime/events.
 *
 *   consumer.c        the schedule
 *   consumer_ask.c    receives published messages and pages into the window
 *   consumer_apply.c  applies the events in the window, in transactions
 *   consumer_state.c  common functions */
#ifndef TRACTION_CONSUMER_STATE_H
#define TRACTION_CONSUMER_STATE_H

#include "bus_subscriber.h"
#include "consumer.h"
#include "event_window.h"

enum {
    NEWS_US = 2000000, /* the source is asked after so long without a message */
    GAP_US = 20000,    /* time for a gap to fill by itself: messages of replicas may be reordered */
    PASS_US = 1000000, /* numbers of events of no interest are stored after so long ... */
    PASS_MOST = 500,   /* ... or when there are so many */
    FOLLOW_US = 100000, /* time the other replica has before this one checks what it did */
    ENOUGH = 500,       /* events in the window; no more are requested then */
    BATCH_MOST = 100,   /* events of one transaction */
    DEADLINE_US = 10000000,
    RETRY_LEAST_US = 50000,
    RETRY_MOST_US = 5000000,
};

struct consumer {
    struct consumer_config config;
    struct bus_subscriber *subscriber;
    struct event_window *window;
    struct loop_timer *timer;
    struct arena *arena;   /* of the fiber: a batch, or a page */
    struct arena *scratch; /* of one look at an event */
    bool running;          /* the fiber */
    bool ending;
    char stopped[200]; /* the reason; empty: it has not */

    bool loaded;    /* `stored` is known */
    int64_t stored; /* as far as this replica knows */
    int64_t head;
    bool follows; /* another replica was faster the last time */

    int64_t heard_us;                     /* the last message or page */
    int64_t gap_us;                       /* since when there is a gap; 0: there is none */
    int64_t ready_us;                     /* since when something can be applied; 0: nothing */
    bool behind;                          /* the last page was not the end of the log */
    int64_t ask_not_before_us;            /* after a request that failed */
    int64_t apply_not_before_us;          /* after a transaction that failed */
    int64_t ask_retry_us, apply_retry_us; /* the next pauses; 0: all is well */
    size_t batch_most;        /* 1 after a failure, to find the event that it is due to */
    struct timestamp last_at; /* of the last applied event */
    struct consumer_counts counts;
};

/* --- consumer_state.c --- */

/* Stops it for good, with one line in the log. */
void consumer_stop(struct consumer *consumer, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* Doubles the pause and answers when it is over. */
int64_t consumer_pause(int64_t *retry_us);
/* The window has changed: notes since when something is ready, and since when there is a hole. */
void consumer_changed(struct consumer *consumer);

/* --- consumer_ask.c --- */

void consumer_take_news(struct consumer *consumer, struct str body);
/* Asks for the page behind the window's end and puts it there. In the fiber. */
void consumer_ask(struct consumer *consumer);

/* --- consumer_apply.c: in the fiber --- */

void consumer_load(struct consumer *consumer);
void consumer_apply(struct consumer *consumer);

#endif
