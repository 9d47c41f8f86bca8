/* Calls: from bus_call to `done`. The state of a call is the list that it is in; `done` is called
 * from the hook for failures and when a reply arrives. bus_pool chooses the replica, bus_replica
 * has the sockets. */
#include "bus_client.h"

#include <assert.h>
#include <stdlib.h>

#include "bus_calls.h"
#include "bus_pool.h"
#include "memory.h"
#include "timestamp.h"

enum {
    TICK_MS = 10,    /* deadlines are met within this */
    INDEX_BITS = 20, /* of a correlation: the call's place; the rest counts up */
};

struct bus_client {
    struct loop *loop;
    int64_t connect_wait_us;
    struct client_call *calls;
    size_t max, in_flight;
    uint64_t sendings; /* makes correlations unique */
    struct call_list unused;
    struct call_list surplus; /* ended ones, to be freed */
    struct call_list unsent;  /* go out before the loop waits */
    struct call_list sent;    /* wait for their reply */
    struct call_list waiting; /* for a replica to go to */
    struct call_list failed;  /* `done` is called before the loop waits */
    struct bus_pool pool;
    struct loop_timer *tick;
    bool ticking;
    bool delivering;     /* inside `done` */
    struct arena *arena; /* of the reply that is handed over */
    struct bus_frame frame;
    struct bus_client_counts counts;
};

/* The call is with no replica any more. */
static void detach(struct client_call *call)
{
    if (call->replica)
        call->replica->in_flight--;
    call->replica = NULL;
}

static void fail(struct bus_client *client, struct client_call *call, enum bus_outcome outcome)
{
    detach(call);
    call->outcome = outcome;
    call_move(call, &client->failed);
}

static void count(struct bus_client_counts *counts, enum bus_outcome outcome)
{
    switch (outcome) {
    case BUS_REPLIED:
        counts->replies++;
        break;
    case BUS_UNAVAILABLE:
        counts->unavailable++;
        break;
    case BUS_LOST:
        counts->lost++;
        break;
    case BUS_TIMEOUT:
        counts->timeouts++;
        break;
    case BUS_CANCELLED:
        counts->cancelled++;
        break;
    }
}

static void finish(struct bus_client *client, struct client_call *call, enum bus_outcome outcome,
                   const struct reply *reply)
{
    bus_reply_fn *done = call->done;
    void *argument = call->argument;

    count(&client->counts, outcome);
    detach(call);
    call_move(call, call->surplus ? &client->surplus : &client->unused);
    client->in_flight -= !call->surplus;
    client->delivering = true;
    done(argument, outcome, reply); /* may call again */
    client->delivering = false;
}

static void free_surplus(struct bus_client *client)
{
    struct client_call *next;

    for (struct client_call *call = client->surplus.first; call; call = next) {
        next = call->next;
        free(call);
    }
    client->surplus = (struct call_list){NULL, NULL};
}

static bool send_to(struct bus_client *client, struct client_call *call, struct replica *replica,
                    int64_t now_us)
{
    uint64_t index = (uint64_t)(call - client->calls);

    /* Another one each time, so that a late reply to the first sending is not taken for the
     * second's. */
    call->correlation = ++client->sendings << INDEX_BITS | index;
    call->request->correlation = call->correlation;
    call->request->remaining_ms = (call->deadline_us - now_us + 999) / 1000;
    request_pack(bus_frame_start(&client->frame), call->request);
    if (!replica_send(replica, &client->frame))
        return false;
    pool_book(replica, now_us);
    call->replica = replica;
    call->sent = true;
    call->sent_us = now_us;
    call_move(call, &client->sent);
    return true;
}

/* A replica whose socket accepts no message is full, or has ended and its disconnect was not yet
 * reported: the others are tried before the call fails. */
static bool send_to_any(struct bus_client *client, struct client_call *call, int64_t now_us,
                        bool *suspects)
{
    struct replica *replica;

    while ((replica = pool_pick(&client->pool, now_us, suspects)) != NULL) {
        if (send_to(client, call, replica, now_us))
            return true;
        if (!pool_refused(&client->pool, replica, now_us))
            return false;
    }
    return false;
}

/* Takes a call out of the unsent ones: to a replica, to wait for one, or to fail. */
static void place_call(struct bus_client *client, struct client_call *call, int64_t now_us)
{
    bool again = call->sent, suspects;

    if (call->deadline_us <= now_us) {
        fail(client, call, again ? BUS_LOST : BUS_TIMEOUT);
        return;
    }
    if (call->only) {
        struct replica *replica = pool_find(&client->pool, call->only);
        if (!replica || !send_to(client, call, replica, now_us))
            fail(client, call, BUS_UNAVAILABLE);
        return;
    }
    if (send_to_any(client, call, now_us, &suspects))
        client->counts.retries += again;
    else if (!again && (suspects || client->pool.down_since_us + client->connect_wait_us <= now_us))
        fail(client, call, BUS_UNAVAILABLE);
    else
        call_move(call, &client->waiting);
}

static bool before_wait(void *argument)
{
    struct bus_client *client = argument;
    bool worked = client->unsent.first || client->failed.first;

    if (client->unsent.first) {
        int64_t now_us = monotonic_us();
        while (client->unsent.first)
            place_call(client, client->unsent.first, now_us);
    }
    /* Calls that fail meanwhile are handled in the next round. */
    struct client_call *last = client->failed.last;
    for (bool more = last != NULL; more;) {
        struct client_call *call = client->failed.first;
        more = call != last;
        finish(client, call, call->outcome, NULL);
    }
    free_surplus(client);
    return worked;
}

static void check_deadlines(void *argument)
{
    struct bus_client *client = argument;
    int64_t now_us = monotonic_us();
    struct client_call *next;

    for (struct client_call *call = client->sent.first; call; call = next) {
        next = call->next;
        if (call->deadline_us > now_us)
            continue;
        pool_suspect(&client->pool, call->replica, call->sent_us, now_us);
        fail(client, call, BUS_TIMEOUT);
    }
    bool gave_up = client->pool.down_since_us + client->connect_wait_us <= now_us;
    for (struct client_call *call = client->waiting.first; call; call = next) {
        next = call->next;
        if (call->deadline_us <= now_us || (!call->sent && gave_up))
            fail(client, call, call->sent ? BUS_LOST : BUS_UNAVAILABLE);
    }
    /* A queue may have room again, or a suspect replica may be due for its probe. */
    if (pool_any(&client->pool))
        call_move_all(&client->waiting, &client->unsent);
    pool_remove_vanished(&client->pool);
    if (client->in_flight == 0) {
        loop_timer_stop(client->tick);
        client->ticking = false;
    }
}

static void on_connected(void *argument, struct replica *replica)
{
    struct bus_client *client = argument;

    pool_connected(&client->pool, replica);
    call_move_all(&client->waiting, &client->unsent);
}

static void on_disconnected(void *argument, struct replica *replica)
{
    struct bus_client *client = argument;
    struct client_call *next;

    pool_disconnected(&client->pool, replica);
    for (struct client_call *call = client->sent.first; call; call = next) {
        next = call->next;
        if (call->replica != replica)
            continue;
        if (call->repeated || call->only) {
            fail(client, call, BUS_LOST);
            continue;
        }
        detach(call);
        call->repeated = true;
        call_move(call, &client->unsent);
    }
}

/* Not repeated when it cannot be sent: the socket's queue is full then, and the replica would
 * process the cancellation too late to save work. */
static void send_cancel(struct bus_client *client, struct client_call *call)
{
    struct request cancel = request_for(call->request->operation);

    cancel.correlation = call->correlation;
    cancel.cancels = true;
    request_pack(bus_frame_start(&client->frame), &cancel);
    replica_send(call->replica, &client->frame);
}

/* A replica that is full or draining refuses the call; another replica may take it. */
static bool goes_elsewhere(struct bus_client *client, struct client_call *call,
                           const struct reply *reply, int64_t now_us)
{
    if (!str_equal(reply->code, str_of(status_code(STATUS_SERVICE_UNAVAILABLE))) ||
        !pool_refused(&client->pool, call->replica, now_us) || call->repeated || call->only)
        return false;
    detach(call);
    call->repeated = true;
    call_move(call, &client->unsent);
    return true;
}

/* The call has crashed the replica, which ends when it has received the acknowledgement. */
static void acknowledge(struct bus_client *client, struct client_call *call, int64_t now_us)
{
    pool_refused(&client->pool, call->replica, now_us);
    send_cancel(client, call);
}

static void on_arrived(void *argument, struct replica *replica, struct str message)
{
    struct bus_client *client = argument;
    int64_t now_us = monotonic_us();
    struct reply reply;

    arena_reset(client->arena);
    if (!reply_unpack(client->arena, message, &reply))
        return;
    pool_answered(&client->pool, replica, now_us); /* also by a reply that comes too late */
    uint64_t index = reply.correlation & ((1U << INDEX_BITS) - 1);
    struct client_call *call = index < client->max ? &client->calls[index] : NULL;
    if (!call || call->correlation != reply.correlation || call->replica != replica)
        return;
    if (reply.fatal)
        acknowledge(client, call, now_us);
    if (reply.fatal || !goes_elsewhere(client, call, &reply, now_us))
        finish(client, call, BUS_REPLIED, &reply);
}

static const struct replica_handlers handlers = {on_connected, on_disconnected, on_arrived};

struct bus_client *bus_client_new(struct loop *loop, const char *service, const char *endpoints,
                                  size_t max, int64_t connect_wait_ms)
{
    struct bus_client *client = xcalloc(1, sizeof *client);

    assert(max > 0 && max < 1U << INDEX_BITS);
    client->calls = xcalloc(max, sizeof *client->calls);
    client->loop = loop;
    client->connect_wait_us = connect_wait_ms * 1000;
    client->max = max;
    for (size_t i = 0; i < max; i++)
        call_move(&client->calls[i], &client->unused);
    client->arena = arena_new();
    bus_frame_init(&client->frame);
    client->tick = loop_timer_new(loop, TICK_MS, TICK_MS, check_deadlines, client);
    client->ticking = true;
    loop_before_wait(loop, before_wait, client);
    pool_init(&client->pool, loop, service, endpoints, &handlers, client);
    return client;
}

void bus_client_doubt_after(struct bus_client *client, int64_t ms)
{
    client->pool.silence_us = ms * 1000;
}

static void fail_all(struct bus_client *client, struct call_list *list)
{
    while (list->first)
        fail(client, list->first, list->first->sent ? BUS_LOST : BUS_UNAVAILABLE);
}

void bus_client_destroy(struct bus_client **client)
{
    struct bus_client *old = *client;

    if (!old)
        return;
    assert(!old->delivering);
    *client = NULL;
    while (old->in_flight > 0 || old->failed.first) {
        fail_all(old, &old->sent);
        fail_all(old, &old->waiting);
        fail_all(old, &old->unsent);
        finish(old, old->failed.first, old->failed.first->outcome, NULL);
    }
    free_surplus(old);
    loop_before_wait_end(old->loop, before_wait, old);
    loop_timer_destroy(&old->tick);
    pool_free(&old->pool);
    bus_frame_free(&old->frame);
    arena_destroy(&old->arena);
    free(old->calls);
    free(old);
}

static void call_begin(struct bus_client *client, const char *only, struct request *request,
                       bus_reply_fn *done, void *argument)
{
    struct client_call *call = client->unused.last; /* the one that is warm */
    bool surplus = call == NULL;

    if (surplus)
        call = xcalloc(1, sizeof *call);
    client->counts.calls++;
    call->correlation = 0;
    request->correlation = surplus ? client->max : (uint64_t)(call - client->calls);
    call->request = request;
    call->only = only;
    call->done = done;
    call->argument = argument;
    call->deadline_us = monotonic_us() + request->remaining_ms * 1000;
    call->sent = call->repeated = false;
    call->surplus = surplus;
    if (surplus) {
        fail(client, call, BUS_UNAVAILABLE);
        return;
    }
    call_move(call, &client->unsent);
    client->in_flight++;
    if (!client->ticking) {
        loop_timer_set(client->tick, TICK_MS, TICK_MS);
        client->ticking = true;
    }
}

void bus_call(struct bus_client *client, struct request *request, bus_reply_fn *done,
              void *argument)
{
    call_begin(client, NULL, request, done, argument);
}

void bus_call_replica(struct bus_client *client, const char *address, struct request *request,
                      bus_reply_fn *done, void *argument)
{
    call_begin(client, address, request, done, argument);
}

/* The call of a request, by the index in its correlation; NULL when the call has ended, or is about
 * to. */
static struct client_call *call_of(struct bus_client *client, const struct request *request)
{
    uint64_t index = request->correlation & ((1U << INDEX_BITS) - 1);
    struct client_call *call = index < client->max ? &client->calls[index] : NULL;

    if (!call || call->request != request || call->list == &client->unused ||
        call->list == &client->failed)
        return NULL;
    return call;
}

void bus_cancel(struct bus_client *client, const struct request *request)
{
    struct client_call *call = call_of(client, request);

    if (!call)
        return;
    if (call->replica)
        send_cancel(client, call);
    fail(client, call, BUS_CANCELLED);
}

size_t bus_client_addresses(const struct bus_client *client, const char **addresses, size_t max)
{
    return pool_addresses(&client->pool, addresses, max);
}

bool bus_client_connected(const struct bus_client *client)
{
    return pool_good(&client->pool) > 0;
}

size_t bus_client_replicas(const struct bus_client *client)
{
    return pool_good(&client->pool);
}

size_t bus_client_in_flight(const struct bus_client *client)
{
    return client->in_flight;
}

struct bus_client_counts bus_client_counts(const struct bus_client *client)
{
    return client->counts;
}
