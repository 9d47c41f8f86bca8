/* Services that a gateway under test can ask: they answer by the first value of the route's path,
 * and echo everything else. They know the gateway's operations, not the gateway.
 * RIG_WITHOUT in the environment leaves out the service of that number; with RIG_NO_DATABASE
 * svc-kpis has none. */
#ifndef TRACTION_GATEWAY_FAKES_H
#define TRACTION_GATEWAY_FAKES_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bus.h"
#include "bus_server.h"
#include "operation.h"
#include "pack.h"

/* HUGE_SIZE is more than a socket's buffers take. */
enum { SLOW_MS = 300, HUGE_SIZE = 12 << 20, MANY = 100000, MANY_SIZE = 100 };

struct fake {
    enum service service;
    struct bus_server *server;
    int learned;    /* learnPerson, so often */
    int gone;       /* calls that were never answered and given up */
    char name[300]; /* last learned */
    struct bus_request *slow, *never;
    struct loop_timer *timer;
};

static inline void fake_text(struct buffer *out, const char *key, struct str text)
{
    pack_key(out, key);
    pack_text(out, text);
}

static inline struct str fake_echo(struct fake *fake, const struct bus_request *pending)
{
    const struct request *request = &pending->request;
    struct buffer out = buffer_in(pending->arena, 1024);
    struct pack_open map = pack_map_open(&out);

    fake_text(&out, "service", str_of(service_names[fake->service]));
    fake_text(&out, "operation", request->operation);
    fake_text(&out, "requestId", request->request_id);
    fake_text(&out, "traceparent", request->traceparent);
    fake_text(&out, "tenant", request->tenant);
    fake_text(&out, "user", request->user);
    fake_text(&out, "name", request->user_name);
    fake_text(&out, "path", request->path);
    fake_text(&out, "command", request->command);
    fake_text(&out, "lastName", str_of(fake->name));
    map.count += 10;
    pack_key(&out, "learned");
    pack_int(&out, fake->learned);
    pack_key(&out, "gone");
    pack_int(&out, fake->gone);
    pack_key(&out, "source");
    pack_int(&out, request->command_source);
    pack_key(&out, "ifVersion");
    pack_int(&out, request->if_version);
    pack_key(&out, "goalLimit");
    pack_int(&out, request->limits[LIMIT_GOALS]);
    map.count += 5;
    const struct {
        const char *key;
        struct str packed;
    } parts[] = {
        {"values", request->path_values}, {"query", request->query}, {"body", request->body}};
    for (size_t i = 0; i < 3; i++) {
        pack_key(&out, parts[i].key);
        if (parts[i].packed.data)
            pack_raw(&out, parts[i].packed);
        else
            pack_nil(&out);
        map.count++;
    }
    pack_map_close(&out, map);
    return buffer_str(&out);
}

static inline struct str fake_pair(struct arena *arena, const char *key, struct str text)
{
    struct buffer out = buffer_in(arena, 64 + text.size);

    pack_map(&out, 1);
    fake_text(&out, key, text);
    return buffer_str(&out);
}

static inline struct str fake_file(struct arena *arena)
{
    struct buffer out = buffer_in(arena, 100);

    pack_map(&out, 3);
    fake_text(&out, "name", STR("a \"report\".pdf"));
    fake_text(&out, "type", STR("application/pdf"));
    pack_key(&out, "bytes");
    pack_bytes(&out, STR("%PDF\0\xFF"));
    return buffer_str(&out);
}

static inline struct str fake_many(struct arena *arena)
{
    struct buffer out = buffer_in(arena, MANY * (MANY_SIZE + 10));
    char text[MANY_SIZE + 1];

    pack_array(&out, MANY);
    for (int i = 0; i < MANY; i++) {
        snprintf(text, sizeof text, "%0*d", MANY_SIZE, i);
        pack_map(&out, 1);
        fake_text(&out, "n", (struct str){text, MANY_SIZE});
    }
    return buffer_str(&out);
}

static inline void fake_slow_due(void *argument)
{
    struct fake *fake = argument;
    struct reply reply = {.http = 200, .code = STR("OK"), .version = -1};

    reply.data = fake_pair(fake->slow->arena, "was", STR("slow"));
    bus_reply(fake->slow, &reply);
    fake->slow = NULL;
}

static inline struct str fake_first_value(struct bus_request *pending)
{
    struct value values;

    if (!pending->request.path_values.data ||
        !unpack(pending->arena, pending->request.path_values, &values) || values.count == 0)
        return STR_NONE;
    return value_text(&values.pairs[0].value);
}

static inline void fake_count_gone(void *argument)
{
    struct fake *fake = argument;

    fake->gone++;
}

/* Changes the reply as the path asks. False: there is none. */
static inline bool fake_vary(struct fake *fake, struct bus_request *pending, struct reply *reply)
{
    struct str mode = fake_first_value(pending);
    struct arena *arena = pending->arena;

    if (str_equal(mode, STR("slow"))) {
        fake->slow = pending;
        loop_timer_set(fake->timer, SLOW_MS, 0);
        return false;
    }
    if (str_equal(mode, STR("never"))) {
        pending->next = fake->never;
        fake->never = pending;
        bus_request_watch(pending, fake_count_gone, fake);
        return false;
    }
    if (str_equal(mode, STR("missing"))) {
        *reply = reply_failure(STATUS_GOAL_NOT_FOUND, STR_NONE);
    } else if (str_equal(mode, STR("newer"))) {
        *reply = reply_failure(STATUS_CONFLICT, STR("Said by a newer service"));
        reply->code = STR("CODE_OF_TOMORROW");
    } else if (str_equal(mode, STR("older"))) {
        *reply = reply_failure(STATUS_NOT_IMPLEMENTED, STR_NONE);
    } else if (str_equal(mode, STR("invalid"))) {
        *reply = reply_failure(STATUS_VALIDATION_ERROR, STR_NONE);
        reply->errors = fake_pair(arena, "connections.goalIds[2]", STR("does not exist"));
    } else if (str_equal(mode, STR("versioned")) || str_equal(mode, STR("degraded"))) {
        reply->data = fake_pair(arena, "id", STR("one"));
        reply->version = 5;
        if (str_equal(mode, STR("degraded")))
            reply->degraded = STR("svc-kpis");
    } else if (str_equal(mode, STR("file"))) {
        reply->data = fake_file(arena);
        reply->file = true;
    } else if (str_equal(mode, STR("written"))) {
        reply->data = STR_NONE;
        reply->json =
            pending->request.takes_json ? STR("{\"n\":[1,\"\xC3\xA4\"]}") : STR("\"not taken\"");
        reply->page = fake_pair(arena, "page", STR("1"));
    } else if (str_equal(mode, STR("extra"))) {
        reply->data = STR_NONE;
        reply->extra = fake_pair(arena, "deletedIssueId", STR("i1"));
    } else if (str_equal(mode, STR("many"))) {
        reply->data = fake_many(arena);
        reply->page = fake_pair(arena, "page", STR("1"));
        reply->degraded = STR("svc-kpis");
    } else if (str_equal(mode, STR("big")) || str_equal(mode, STR("huge"))) {
        size_t size = str_equal(mode, STR("big")) ? 5000 : HUGE_SIZE;
        char *text = arena_alloc(arena, size);
        memset(text, 'a', size);
        reply->data = fake_pair(arena, "text", (struct str){text, size});
    }
    return true;
}

static inline void fake_arrived(void *argument, struct bus_request *pending)
{
    struct fake *fake = argument;
    struct reply reply = {.http = 200, .code = STR("OK"), .version = -1};
    struct str operation = pending->request.operation;
    struct value body;

    if (str_equal(operation, STR("ping"))) {
        struct buffer out = buffer_in(pending->arena, 20);
        pack_map(&out, 1);
        pack_key(&out, "database");
        pack_bool(&out, !getenv("RIG_NO_DATABASE") || fake->service != SERVICE_KPIS);
        reply.data = buffer_str(&out);
    } else if (str_equal(operation, STR("learnPerson"))) {
        if (unpack(pending->arena, pending->request.body, &body)) {
            fake->learned++;
            snprintf(fake->name, sizeof fake->name, STR_FMT,
                     STR_ARG(value_text(value_get(&body, "name"))));
        }
    } else {
        reply.data = fake_echo(fake, pending);
        if (str_equal(operation, STR("createGoal"))) {
            reply.http = 201;
            reply.code = STR("CREATED");
            reply.location = STR("/goals/new");
            reply.version = 1;
        } else if (str_equal(operation, STR("getGoals"))) {
            reply.page = fake_pair(pending->arena, "page", STR("1"));
        }
        if (!fake_vary(fake, pending, &reply))
            return;
    }
    bus_reply(pending, &reply);
}

/* In `folder`, whose sockets the gateway looks for. */
static inline void fakes_open(struct fake fakes[SERVICE_COUNT], struct loop *loop,
                              const char *folder)
{
    char endpoint[200];

    for (int service = SERVICE_GOALS; service < SERVICE_COUNT; service++) {
        if (getenv("RIG_WITHOUT") && atoi(getenv("RIG_WITHOUT")) == service)
            continue;
        struct fake *fake = &fakes[service];
        fake->service = (enum service)service;
        fake->timer = loop_timer_new(loop, 1000000, 0, fake_slow_due, fake);
        bus_default_endpoint(folder, service_names[service], endpoint, sizeof endpoint);
        fake->server = bus_server_new(loop, endpoint, 1000, fake_arrived, fake);
    }
}

/* Whoever was never answered is let go. */
static inline void fakes_close(struct fake fakes[SERVICE_COUNT])
{
    for (int service = SERVICE_GOALS; service < SERVICE_COUNT; service++) {
        struct fake *fake = &fakes[service];
        bus_server_destroy(&fake->server);
        while (fake->never) {
            struct bus_request *next = fake->never->next;
            bus_drop(fake->never);
            fake->never = next;
        }
    }
}

#endif
