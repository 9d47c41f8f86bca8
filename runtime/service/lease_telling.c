/* One message to each holder of a lease, and their answers. Where each holder answers is learned
 * from the answers. */
#include <stdlib.h>
#include <string.h>

#include "fiber.h"
#include "lease_state.h"
#include "memory.h"
#include "pack.h"

enum {
    TOLD_MS = 50,                      /* for the answers */
    PLACES_MAX = 64,                   /* replicas */
    PLACES_KNOWN_MAX = 4 * PLACES_MAX, /* addresses come and go */
};

/* One message to each place. It lives until the last of them was answered, which may be after the
 * writer has gone on. */
struct telling {
    struct leases *leases;
    struct fiber *fiber; /* that waits; NULL: nobody does any more */
    size_t open, count;
    char *body;
    struct message {
        struct telling *telling;
        char *address;
        struct request request;
        bool answered;
        struct uuid holder;
    } messages[];
};

static void telling_free(struct telling *telling)
{
    for (size_t i = 0; i < telling->count; i++)
        free(telling->messages[i].address);
    free(telling->body);
    free(telling);
}

static struct known_place *place_of(const struct leases *leases, const char *address)
{
    for (size_t i = 0; i < leases->place_count; i++)
        if (strcmp(leases->places[i].address, address) == 0)
            return &leases->places[i];
    return NULL;
}

void lease_places_forget(struct leases *leases)
{
    for (size_t i = 0; i < leases->place_count; i++)
        free(leases->places[i].address);
    free(leases->places);
    leases->places = NULL;
    leases->place_count = 0;
}

static void learn_place(struct leases *leases, const char *address, struct uuid holder)
{
    struct known_place *place = place_of(leases, address);

    if (!place) {
        if (leases->place_count == PLACES_KNOWN_MAX)
            lease_places_forget(leases);
        leases->places =
            xrealloc(leases->places, (leases->place_count + 1) * sizeof *leases->places);
        place = &leases->places[leases->place_count++];
        place->address = xstrdup(address);
    }
    place->holder = holder;
}

static void message_done(void *argument, enum bus_outcome outcome, const struct reply *reply)
{
    struct message *message = argument;
    struct telling *telling = message->telling;
    struct arena *arena = arena_new();
    struct value data;

    telling->open--;
    if (outcome == BUS_REPLIED && reply->http == 200 && reply->data.data &&
        unpack(arena, reply->data, &data)) {
        message->answered = true;
        uuid_parse(value_text(value_get(&data, "holder")), &message->holder);
        learn_place(telling->leases, message->address, message->holder);
    }
    arena_destroy(&arena);
    if (telling->fiber)
        fiber_wake(telling->fiber);
    else if (telling->open == 0)
        telling_free(telling);
}

/* Places whose process is known to be none of the holders, or this one, are left out. */
static bool is_wanted(const struct leases *leases, const char *address, const struct uuids *holders)
{
    const struct known_place *place = place_of(leases, address);

    if (!place)
        return true;
    for (size_t i = 0; i < holders->count; i++)
        if (uuid_equal(holders->items[i], place->holder))
            return true;
    /* A process that has registered since answers at the place of the one before. */
    for (size_t i = 0; i < holders->count; i++) {
        bool placed = false;
        for (size_t k = 0; k < leases->place_count; k++)
            placed = placed || uuid_equal(leases->places[k].holder, holders->items[i]);
        if (!placed)
            return true;
    }
    return false;
}

static struct telling *tell(struct leases *leases, const struct uuids *holders,
                            const uint64_t *tags, size_t count)
{
    const char *addresses[PLACES_MAX];
    size_t places = bus_client_addresses(leases->places_client, addresses, PLACES_MAX);
    struct telling *telling = xcalloc(1, sizeof *telling + places * sizeof telling->messages[0]);
    struct arena *arena = arena_new();
    struct buffer body = buffer_in(arena, 16 + count * 9), list = buffer_in(arena, 8 + count * 9);

    pack_array(&list, count);
    for (size_t i = 0; i < count; i++)
        pack_int(&list, (int64_t)tags[i]);
    model_pack(AS(invalidation, &(struct invalidation){{buffer_str(&list)}}), &body);
    telling->leases = leases;
    telling->fiber = fiber_self();
    telling->body = xmalloc(body.size);
    memcpy(telling->body, body.data, body.size);
    for (size_t i = 0; i < places; i++) {
        if (!is_wanted(leases, addresses[i], holders))
            continue;
        struct message *message = &telling->messages[telling->count++];
        message->telling = telling;
        message->address = xstrdup(addresses[i]);
        message->request = request_for(STR("invalidateGoals"));
        message->request.body = (struct str){telling->body, body.size};
        message->request.remaining_ms = TOLD_MS;
        telling->open++;
        bus_call_replica(leases->places_client, message->address, &message->request, message_done,
                         message);
    }
    arena_destroy(&arena);
    return telling;
}

/* Takes those who have answered out of `holders`. */
static void take_answered(const struct telling *telling, struct uuids *holders)
{
    for (size_t i = 0; i < telling->count; i++)
        for (size_t k = 0; telling->messages[i].answered && k < holders->count; k++)
            if (uuid_equal(holders->items[k], telling->messages[i].holder))
                holders->items[k] = holders->items[--holders->count];
}

/* Waits until all holders have answered, or nobody will any more. */
static void await_answers(struct telling *telling, struct uuids *holders)
{
    take_answered(telling, holders);
    while (telling->open > 0 && holders->count > 0) {
        fiber_park();
        take_answered(telling, holders);
    }
    telling->fiber = NULL;
    if (telling->open == 0)
        telling_free(telling);
}

void lease_tell(struct leases *leases, struct uuids *holders, const uint64_t *tags, size_t count)
{
    await_answers(tell(leases, holders, tags, count), holders);
}
