/* What the bus's tests share: a loop that runs for a while, servers that echo or hold, calls that
 * remember how they ended. Everything in one process and one thread. */
#ifndef TRACTION_BUS_RIG_H
#define TRACTION_BUS_RIG_H

#include <check.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bus.h"
#include "bus_client.h"
#include "bus_server.h"
#include "loop_for.h"
#include "timestamp.h"

static struct loop *loop;
static char folder[64];

static inline const char *rig_endpoint(int number)
{
    static char text[4][128];

    snprintf(text[number], sizeof text[number], "ipc://%s/%d.sock", folder, number);
    return text[number];
}

static inline void rig_set_up(void)
{
    snprintf(folder, sizeof folder, "/tmp/traction-bus-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    loop = loop_new();
}

static inline void rig_tear_down(void)
{
    loop_destroy(&loop);
    for (int i = 0; i < 4; i++)
        unlink(rig_endpoint(i) + strlen("ipc://"));
    rmdir(folder);
}

static inline void rig_run_ms(int64_t delay_ms)
{
    loop_for_ms(loop, delay_ms);
}

/* Runs until `*value` is at least `wanted`, at most that long. */
static inline void rig_run_until(const size_t *value, size_t wanted, int64_t max_ms)
{
    int64_t end_us = monotonic_us() + max_ms * 1000;

    while (*value < wanted && monotonic_us() < end_us)
        rig_run_ms(2);
    ck_assert_uint_ge(*value, wanted);
}

/* An arrived function that answers with the request's body. */
static inline void rig_echo(void *argument, struct bus_request *request)
{
    size_t *count = argument;
    struct reply reply = {
        .http = 200, .code = STR("OK"), .data = request->request.body, .version = -1};

    if (count)
        ++*count;
    bus_reply(request, &reply);
}

/* One that only keeps them. */
struct rig_pending {
    struct bus_request *first;
    size_t count;
};

static inline void rig_hold(void *argument, struct bus_request *request)
{
    struct rig_pending *pending = argument;

    request->next = pending->first;
    pending->first = request;
    pending->count++;
}

static inline struct bus_request *rig_unhold(struct rig_pending *pending)
{
    struct bus_request *request = pending->first;

    pending->first = request->next;
    pending->count--;
    return request;
}

/* A call and its end. */
struct rig_call {
    struct request request;
    size_t ended; /* how often `done` was called */
    enum bus_outcome outcome;
    char code[32];
    size_t data_size;
    int64_t took_us;
};

static inline void rig_done(void *argument, enum bus_outcome outcome, const struct reply *reply)
{
    struct rig_call *call = argument;

    call->ended++;
    call->outcome = outcome;
    call->took_us = monotonic_us() - call->took_us;
    ck_assert(outcome == BUS_REPLIED ? reply != NULL : reply == NULL);
    if (!reply)
        return;
    snprintf(call->code, sizeof call->code, STR_FMT, STR_ARG(reply->code));
    call->data_size = reply->data.size;
    if (call->request.body.size == reply->data.size && reply->data.size > 0)
        ck_assert_mem_eq(call->request.body.data, reply->data.data, reply->data.size);
}

static inline void rig_call(struct bus_client *client, struct rig_call *call, int64_t remaining_ms)
{
    *call = (struct rig_call){.request = {.remaining_ms = remaining_ms,
                                          .operation = STR("test"),
                                          .if_version = -1,
                                          .tenant = STR("t"),
                                          .body = STR("\xa5hello")}};
    call->took_us = monotonic_us();
    bus_call(client, &call->request, rig_done, call);
    ck_assert_uint_eq(call->ended, 0);
}

/* Calls and waits for the end. */
static inline enum bus_outcome rig_ask(struct bus_client *client, struct rig_call *call,
                                       int64_t remaining_ms)
{
    rig_call(client, call, remaining_ms);
    rig_run_until(&call->ended, 1, remaining_ms + 2000);
    return call->outcome;
}

static inline struct bus_client *rig_client(const char *endpoints, int64_t connect_wait_ms)
{
    return bus_client_new(loop, "svc-test", endpoints, 512, connect_wait_ms);
}

static inline void rig_wait_connected(struct bus_client *client)
{
    for (int i = 0; i < 1000 && !bus_client_connected(client); i++)
        rig_run_ms(2);
    ck_assert(bus_client_connected(client));
}

#endif
