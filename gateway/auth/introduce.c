/* A bounded cache of the names that each service was sent; a dropped entry costs one repetition,
 * which changes nothing. */
#include "introduce.h"

#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "lru.h"
#include "memory.h"
#include "pack.h"
#include "timestamp.h"

enum { PEOPLE_MOST = 10000, BUDGET_MS = 500, AGAIN_US = 1000000, SERVICES_FIRST = SERVICE_GOALS };

static const unsigned everyone = (1u << SERVICE_COUNT) - (1u << SERVICES_FIRST);

struct telling;

struct known {
    struct lru_item item; /* pinned while being told */
    int64_t issued_s;     /* of the token that the name is from */
    unsigned told;        /* 1 << enum service */
    int64_t again_us;     /* not before, when some are left */
    struct telling *telling;
    struct str name; /* malloc'ed */
    size_t tenant_size;
    char key[]; /* tenant, NUL, user */
};

/* One round of calls, to every service that is left. */
struct telling {
    struct arena *arena;
    struct introducer *introducer;
    struct known *known;
    unsigned left; /* calls */
    struct introduction *waiting;
};

struct told {
    struct telling *telling;
    enum service service;
    struct request request;
};

struct introducer {
    struct bus_client *const *services;
    struct lru *people;
    uint64_t renamings;
};

static struct known *known_of(struct lru_item *item)
{
    return (struct known *)(void *)item;
}

static void drop(struct lru_item *item)
{
    union {
        const char *in;
        void *out;
    } name = {.in = known_of(item)->name.data};

    free(name.out);
    free(known_of(item));
}

struct introducer *introducer_new(struct bus_client *const *services)
{
    struct introducer *introducer = xcalloc(1, sizeof *introducer);

    introducer->services = services;
    introducer->renamings = 1;
    introducer->people = lru_new(PEOPLE_MOST, SIZE_MAX / 2, drop);
    return introducer;
}

void introducer_destroy(struct introducer **introducer)
{
    if (!*introducer)
        return;
    lru_destroy(&(*introducer)->people);
    free(*introducer);
    *introducer = NULL;
}

static struct known *find(struct introducer *introducer, const struct identity *identity)
{
    size_t size = identity->tenant.size + 1 + identity->user.size;
    struct known *known = xcalloc(1, sizeof *known + size);

    memcpy(known->key, identity->tenant.data, identity->tenant.size);
    memcpy(known->key + identity->tenant.size + 1, identity->user.data, identity->user.size);
    known->tenant_size = identity->tenant.size;
    known->item.entry.key = (struct str){known->key, size};
    known->issued_s = -1;
    struct lru_item *item = lru_find(introducer->people, known->item.entry.key);
    if (item) {
        free(known);
        return known_of(item);
    }
    lru_add(introducer->people, &known->item);
    return known;
}

static void rename_to(struct known *known, struct str name)
{
    char *copy = xmalloc(name.size);

    memcpy(copy, name.data, name.size);
    union {
        const char *in;
        void *out;
    } old = {.in = known->name.data};
    free(old.out);
    known->name = (struct str){copy, name.size};
    /* cppcheck-suppress memleak ; the name holds it */
}

static void finish(struct telling *telling)
{
    struct known *known = telling->known;
    struct introduction *waiting = telling->waiting;

    known->telling = NULL;
    known->item.pinned = false;
    known->again_us = monotonic_us() + AGAIN_US;
    arena_destroy(&telling->arena); /* and `telling`, which lives in it */
    while (waiting) {
        struct introduction *next = waiting->next;
        waiting->done(waiting->argument);
        waiting = next;
    }
}

static void on_told(void *argument, enum bus_outcome outcome, const struct reply *reply)
{
    struct told *told = argument;
    struct telling *telling = told->telling;
    /* A service that refuses the name as invalid would refuse it again. */
    bool heard = outcome == BUS_REPLIED && (reply->http < 500 || reply->http == 501);

    if (heard)
        telling->known->told |= 1u << told->service;
    else
        log_debug("a caller's name could not be sent to a service",
                  LOG_CSTR("service", service_names[told->service]), LOG_INT("outcome", outcome));
    if (--telling->left == 0)
        finish(telling);
}

static struct str body_of(struct arena *arena, const struct known *known)
{
    struct buffer out = buffer_in(arena, 256);
    size_t at = known->tenant_size + 1;

    pack_map(&out, 3);
    pack_key(&out, "userId");
    pack_text(&out, (struct str){known->key + at, known->item.entry.key.size - at});
    pack_key(&out, "name");
    pack_text(&out, known->name);
    pack_key(&out, "issuedAt");
    pack_int(&out, known->issued_s);
    return buffer_str(&out);
}

static void tell(struct introducer *introducer, struct known *known, struct str request_id)
{
    struct arena *arena = arena_new();
    struct telling *telling = arena_alloc(arena, sizeof *telling);
    size_t user_at = known->tenant_size + 1;
    struct request request = request_for(STR("learnPerson"));

    request.request_id = arena_copy(arena, request_id);
    request.remaining_ms = BUDGET_MS;
    request.tenant = (struct str){known->key, known->tenant_size};
    request.user = (struct str){known->key + user_at, known->item.entry.key.size - user_at};
    request.user_name = known->name;
    request.body = body_of(arena, known);
    *telling = (struct telling){.arena = arena, .introducer = introducer, .known = known};
    known->telling = telling;
    known->item.pinned = true;
    for (unsigned service = SERVICES_FIRST; service < SERVICE_COUNT; service++) {
        if (known->told & 1u << service)
            continue;
        struct told *told = arena_alloc(arena, sizeof *told);
        *told = (struct told){telling, (enum service)service, request};
        telling->left++;
        bus_call(introducer->services[service], &told->request, on_told, told);
    }
}

static bool is_news(const struct known *known, const struct identity *identity)
{
    return identity->issued_s > known->issued_s ||
           (identity->issued_s == known->issued_s && !str_equal(identity->name, known->name));
}

uint64_t introducer_renamings(const struct introducer *introducer)
{
    return introducer->renamings;
}

enum introduced introduce(struct introducer *introducer, const struct identity *identity,
                          enum service service, struct str request_id, struct introduction *wait)
{
    struct known *known = find(introducer, identity);
    bool news = !known->telling && is_news(known, identity);

    if (news) {
        introducer->renamings += known->name.data && !str_equal(known->name, identity->name);
        rename_to(known, identity->name);
        known->issued_s = identity->issued_s;
        known->told = 0;
    }
    if (known->told == everyone)
        return INTRODUCED_ALL;
    /* Later requests only wait for the service that they are for. */
    bool waits = !(known->told & 1u << service);
    if (!known->telling) {
        if (!news && monotonic_us() < known->again_us)
            return INTRODUCED_SOME;
        tell(introducer, known, request_id);
    }
    if (!waits)
        return INTRODUCED_SOME;
    wait->next = known->telling->waiting;
    known->telling->waiting = wait;
    return INTRODUCED_LATER;
}
