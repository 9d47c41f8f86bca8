/* A bounded cache of the names that each service was sent; a dropped entry costs one repetition,
 * which changes nothing. */
#include "caller_sync.h"

#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "lru.h"
#include "memory.h"
#include "pack.h"
#include "timestamp.h"

enum { PEOPLE_MAX = 10000, BUDGET_MS = 500, AGAIN_US = 1000000, SERVICES_FIRST = SERVICE_GOALS };

static const unsigned everyone = (1u << SERVICE_COUNT) - (1u << SERVICES_FIRST);

struct sync_call;

struct known {
    struct lru_item item; /* pinned while a service is being told of it */
    int64_t issued_s;     /* of the token that the name is from */
    unsigned synced;      /* 1 << enum service */
    int64_t again_us;     /* not before, when some are left */
    struct sync_call *sync;
    struct str name, person; /* malloc'ed; person: as in the identity */
    size_t tenant_size;
    char key[]; /* tenant, NUL, user */
};

/* One round of calls, to every service that is left. */
struct sync_call {
    struct arena *arena;
    struct caller_sync *caller_sync;
    struct known *known;
    unsigned left;   /* calls */
    unsigned asked;  /* 1 << enum service */
    unsigned failed; /* likewise */
    struct caller_sync_wait *waiting;
};

struct service_sync {
    struct sync_call *sync;
    enum service service;
    struct request request;
};

struct caller_sync {
    struct bus_client *const *services;
    struct lru *people;
    uint64_t renamings;
};

static struct known *known_of(struct lru_item *item)
{
    return (struct known *)(void *)item;
}

static void text_free(struct str text)
{
    union {
        const char *in;
        void *out;
    } data = {.in = text.data};

    free(data.out);
}

static void drop(struct lru_item *item)
{
    text_free(known_of(item)->name);
    text_free(known_of(item)->person);
    free(known_of(item));
}

struct caller_sync *caller_sync_new(struct bus_client *const *services)
{
    struct caller_sync *caller_sync = xcalloc(1, sizeof *caller_sync);

    caller_sync->services = services;
    caller_sync->renamings = 1;
    caller_sync->people = lru_new(PEOPLE_MAX, SIZE_MAX / 2, drop);
    return caller_sync;
}

void caller_sync_destroy(struct caller_sync **caller_sync)
{
    if (!*caller_sync)
        return;
    lru_destroy(&(*caller_sync)->people);
    free(*caller_sync);
    *caller_sync = NULL;
}

static struct known *find(struct caller_sync *caller_sync, const struct identity *identity)
{
    size_t size = identity->tenant.size + 1 + identity->user.size;
    struct known *known = xcalloc(1, sizeof *known + size);

    memcpy(known->key, identity->tenant.data, identity->tenant.size);
    memcpy(known->key + identity->tenant.size + 1, identity->user.data, identity->user.size);
    known->tenant_size = identity->tenant.size;
    known->item.entry.key = (struct str){known->key, size};
    known->issued_s = -1;
    struct lru_item *item = lru_find(caller_sync->people, known->item.entry.key);
    if (item) {
        free(known);
        return known_of(item);
    }
    lru_add(caller_sync->people, &known->item);
    return known;
}

static void text_set(struct str *text, struct str value)
{
    char *copy = value.size > 0 ? xmalloc(value.size) : NULL;

    if (copy)
        memcpy(copy, value.data, value.size);
    text_free(*text);
    *text = (struct str){copy, value.size};
    /* cppcheck-suppress memleak ; the text holds it */
}

static void finish(struct sync_call *sync)
{
    struct known *known = sync->known;
    struct caller_sync_wait *waiting = sync->waiting;

    known->synced |= sync->asked & ~sync->failed;
    known->sync = NULL;
    known->item.pinned = false;
    known->again_us = monotonic_us() + AGAIN_US;
    arena_destroy(&sync->arena); /* and `sync`, which lives in it */
    while (waiting) {
        struct caller_sync_wait *next = waiting->next;
        waiting->done(waiting->argument);
        waiting = next;
    }
}

static void on_synced(void *argument, enum bus_outcome outcome, const struct reply *reply)
{
    struct service_sync *synced = argument;
    struct sync_call *sync = synced->sync;
    /* A service that refuses the name as invalid would refuse it again. */
    bool heard = outcome == BUS_REPLIED && (reply->http < 500 || reply->http == 501);

    if (!heard) {
        sync->failed |= 1u << synced->service;
        log_debug("a caller's name could not be sent to a service",
                  LOG_CSTR("service", service_names[synced->service]), LOG_INT("outcome", outcome));
    }
    if (--sync->left == 0)
        finish(sync);
}

static struct str body_of(struct arena *arena, const struct known *known, struct str id)
{
    struct buffer out = buffer_in(arena, 256);

    pack_map(&out, 3);
    pack_key(&out, "userId");
    pack_text(&out, id);
    pack_key(&out, "name");
    pack_text(&out, known->name);
    pack_key(&out, "issuedAt");
    pack_int(&out, known->issued_s);
    return buffer_str(&out);
}

/* To every service that does not know it. */
static void send_name(struct sync_call *sync, const struct request *request)
{
    const struct known *known = sync->known;

    for (unsigned service = SERVICES_FIRST; service < SERVICE_COUNT; service++) {
        if (known->synced & 1u << service)
            continue;
        struct service_sync *synced = arena_alloc(sync->arena, sizeof *synced);
        *synced = (struct service_sync){sync, (enum service)service, *request};
        sync->asked |= 1u << service;
        sync->left++;
        bus_call(sync->caller_sync->services[service], &synced->request, on_synced, synced);
    }
}

static void send_names(struct caller_sync *caller_sync, struct known *known,
                       const struct log_context *origin)
{
    struct arena *arena = arena_new();
    struct sync_call *sync = arena_alloc(arena, sizeof *sync);
    size_t user_at = known->tenant_size + 1;
    struct request request = request_for(STR("learnPerson"));

    request.request_id = arena_copy(arena, origin->request_id);
    request.traceparent = arena_copy(arena, origin->traceparent);
    request.remaining_ms = BUDGET_MS;
    request.tenant = (struct str){known->key, known->tenant_size};
    request.user = (struct str){known->key + user_at, known->item.entry.key.size - user_at};
    request.user_name = known->name;
    request.body = body_of(arena, known, request.user);
    *sync = (struct sync_call){.arena = arena, .caller_sync = caller_sync, .known = known};
    known->sync = sync;
    known->item.pinned = true;
    send_name(sync, &request);
    if (known->person.data && !str_equal(known->person, request.user)) {
        request.body = body_of(arena, known, known->person);
        send_name(sync, &request);
    }
}

static bool is_new_name(const struct known *known, const struct identity *identity)
{
    return identity->issued_s > known->issued_s ||
           (identity->issued_s == known->issued_s && (!str_equal(identity->name, known->name) ||
                                                      !str_equal(identity->person, known->person)));
}

uint64_t caller_sync_renamings(const struct caller_sync *caller_sync)
{
    return caller_sync->renamings;
}

enum caller_sync_result caller_sync_begin(struct caller_sync *caller_sync,
                                          const struct identity *identity, enum service service,
                                          const struct log_context *origin,
                                          struct caller_sync_wait *wait)
{
    struct known *known = find(caller_sync, identity);
    bool renamed = !known->sync && is_new_name(known, identity);

    if (renamed) {
        caller_sync->renamings += known->name.data && !str_equal(known->name, identity->name);
        text_set(&known->name, identity->name);
        text_set(&known->person, identity->person);
        known->issued_s = identity->issued_s;
        known->synced = 0;
    }
    if (known->synced == everyone)
        return CALLER_SYNC_DONE;
    /* Later requests only wait for the service that they are for. */
    bool waits = !(known->synced & 1u << service);
    if (!known->sync) {
        if (!renamed && monotonic_us() < known->again_us)
            return CALLER_SYNC_PARTIAL;
        send_names(caller_sync, known, origin);
    }
    if (!waits)
        return CALLER_SYNC_PARTIAL;
    wait->next = known->sync->waiting;
    known->sync->waiting = wait;
    return CALLER_SYNC_PENDING;
}
