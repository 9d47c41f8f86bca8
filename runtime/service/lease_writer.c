/* Telling the holders of leases what a committed transaction has changed, before it is
 * acknowledged. Who does not answer is revoked, and its lease waited for. */
#include <stdlib.h>
#include <string.h>

#include "config.h"
#include "fiber.h"
#include "lease_state.h"
#include "lease_table.h"
#include "log.h"
#include "memory.h"
#include "op_state.h"
#include "peers.h"
#include "timestamp.h"

enum {
    END_US = 20 * 1000,   /* beyond a lease, for clocks that do not run alike */
    TAGS_MAX = 500,       /* of one transaction; more are everything of its tenants */
    LOOK_AFTER_MS = 1000, /* between looks for rows that are of no more use */
    CALLS_MAX = 4096,
};

/* --- Start and end --- */

void leases_new(struct process *process)
{
    const struct lease_spec *spec = process->program->leases;
    char text[PEER_ENDPOINT_SIZE];

    if (!spec || config_int(CONFIG_GOAL_CACHE_BYTES) == 0)
        return;
    process->leases = xcalloc(1, sizeof *process->leases);
    process->leases->spec = spec;
    process->leases->places_client =
        bus_client_new(process->loop, service_names[SERVICE_GOALS],
                       peer_endpoints(SERVICE_GOALS, text), CALLS_MAX, 0);
}

void leases_destroy(struct process *process)
{
    struct leases *leases = process->leases;

    if (!leases)
        return;
    bus_client_destroy(&leases->places_client);
    lease_places_forget(leases);
    free(leases->holders);
    free(leases);
    process->leases = NULL;
}

/* --- Who they are --- */

static struct known_holder *holder_of(struct known_holder *holders, size_t count, struct uuid id)
{
    for (size_t i = 0; i < count; i++)
        if (uuid_equal(holders[i].id, id))
            return &holders[i];
    return NULL;
}

static void take_rows(struct leases *leases, const struct list *rows, int64_t read_us)
{
    const struct lease_row *row = rows->items;
    int64_t now_us = monotonic_us(); /* the latest that who is revoked now can have been */
    struct known_holder *holders = xcalloc(rows->count + 1, sizeof *holders);

    for (size_t i = 0; i < rows->count; i++) {
        const struct known_holder *known =
            holder_of(leases->holders, leases->holder_count, row[i].holder);
        holders[i] = (struct known_holder){row[i].holder, row[i].revoked, now_us};
        if (known && known->revoked)
            holders[i] = *known;
    }
    free(leases->holders);
    leases->holders = holders;
    leases->holder_count = rows->count;
    leases->read_us = read_us;
}

/* The list is as new as a writer's must be. */
static bool read_holders(struct process *process, struct arena *arena)
{
    struct leases *leases = process->leases;
    int64_t now_us = monotonic_us();
    struct list rows = {NULL, 0};

    if (leases->read_us > 0 && now_us - leases->read_us <= LEASE_LIST_US)
        return true;
    if (!lease_table_read(process, arena, &rows))
        return false;
    if (now_us > leases->read_us)
        take_rows(leases, &rows, now_us);
    return true;
}

/* --- Those who do not answer --- */

static void sleep_until(int64_t until_us)
{
    for (int64_t left_us; (left_us = until_us - monotonic_us()) > 0;)
        fiber_sleep(left_us / 1000 + 1);
}

/* Until the leases of those who were revoked have ended. */
static void await_expiry(struct leases *leases, int64_t until_us)
{
    leases->expiries += until_us > monotonic_us();
    sleep_until(until_us);
}

static bool revoke(struct process *process, struct arena *arena, const struct uuids *holders)
{
    struct leases *leases = process->leases;

    leases->revocations += holders->count;
    log_warning("revokes leases", LOG_INT("holders", (int64_t)holders->count));
    if (!lease_table_revoke(process, arena, *holders))
        return false;
    int64_t now_us = monotonic_us();
    for (size_t i = 0; i < holders->count; i++) {
        struct known_holder *known =
            holder_of(leases->holders, leases->holder_count, holders->items[i]);
        if (known && !known->revoked)
            *known = (struct known_holder){known->id, true, now_us};
    }
    await_expiry(leases, now_us + LEASE_US + END_US);
    return true;
}

/* A copy of the list, since others read it anew meanwhile. `*until_us`: when the last lease of
 * those who were revoked already has ended. */
static struct uuids holders_to_tell(const struct leases *leases, struct arena *arena,
                                    int64_t *until_us)
{
    struct uuids holders = {arena_array(arena, leases->holder_count, sizeof *holders.items), 0};

    *until_us = 0;
    for (size_t i = 0; i < leases->holder_count; i++) {
        const struct known_holder *holder = &leases->holders[i];
        int64_t end_us = holder->revoked_us + LEASE_US + END_US;
        if (holder->revoked && end_us > *until_us)
            *until_us = end_us;
        if (!holder->revoked && !uuid_equal(holder->id, leases->id))
            holders.items[holders.count++] = holder->id;
    }
    return holders;
}

/* After the commit: true once it may be acknowledged. */
static bool invalidate(struct process *process, struct arena *arena, const uint64_t *tags,
                       size_t count)
{
    struct leases *leases = process->leases;
    int64_t until_us;

    if (leases->spec->invalidated)
        leases->spec->invalidated(tags, count);
    if (!read_holders(process, arena))
        return false;
    struct uuids holders = holders_to_tell(leases, arena, &until_us);
    leases->waits += holders.count > 0;
    if (holders.count > 0)
        lease_tell(leases, &holders, tags, count);
    if (holders.count > 0 && !revoke(process, arena, &holders))
        return false;
    await_expiry(leases, until_us);
    return true;
}

/* --- What has changed --- */

static bool has_tag(const uint64_t *tags, size_t count, uint64_t tag)
{
    for (size_t i = 0; i < count; i++)
        if (tags[i] == tag)
            return true;
    return false;
}

/* The tenant's part of "<tenant>\n<id>". */
static struct str tenant_part(struct str name)
{
    const char *end = memchr(name.data, '\n', name.size);

    return (struct str){name.data, end ? (size_t)(end - name.data) + 1 : name.size};
}

/* Each once. */
static size_t tags_of(const struct texts *changed, bool tenants, uint64_t *tags)
{
    size_t count = 0;

    for (size_t i = 0; i < changed->count && count < TAGS_MAX; i++) {
        uint64_t tag =
            invalidation_tag(tenants ? tenant_part(changed->items[i]) : changed->items[i]);
        if (!has_tag(tags, count, tag))
            tags[count++] = tag;
    }
    return count;
}

bool leases_invalidate(void *argument, struct arena *arena, const struct texts *changed)
{
    uint64_t *tags = arena_array(arena, TAGS_MAX, sizeof *tags);
    size_t count = tags_of(changed, false, tags);

    if (count == TAGS_MAX)
        count = tags_of(changed, true, tags);
    return count < TAGS_MAX ? invalidate(argument, arena, tags, count)
                            : invalidate(argument, arena, NULL, 0);
}

bool leases_invalidate_tenant(struct op *op)
{
    struct str name = arena_printf(op->arena, STR_FMT "\n", STR_ARG(op->request->tenant));

    return !op->process->leases ||
           leases_invalidate(op->process, op->arena, &(struct texts){&name, 1});
}

/* --- Beside the writes --- */

/* Rows that all writers have seen as revoked for long enough. */
static void delete_revoked(struct process *process, struct arena *arena)
{
    struct leases *leases = process->leases;
    int64_t now_us = monotonic_us();
    struct uuids gone = {arena_array(arena, leases->holder_count, sizeof *gone.items), 0};

    for (size_t i = 0; i < leases->holder_count; i++)
        if (leases->holders[i].revoked && now_us - leases->holders[i].revoked_us > LEASE_GONE_US)
            gone.items[gone.count++] = leases->holders[i].id;
    if (gone.count > 0 && lease_table_delete(process, arena, gone))
        leases->read_us = 0, leases->holder_count = 0; /* they are read anew */
}

static void look_after(struct process *process)
{
    struct leases *leases = process->leases;
    struct arena *arena = arena_new();

    /* Who ran here before may have been killed between a commit and telling of it. */
    if (!leases->told_for_predecessor)
        leases->told_for_predecessor = invalidate(process, arena, NULL, 0);
    delete_revoked(process, arena);
    arena_destroy(&arena);
}

/* Rows of holders that were killed before it was turned off, for which every write would wait. */
static void delete_left(void *argument)
{
    struct process *process = argument;
    struct arena *arena = arena_new();
    struct list rows = {NULL, 0};

    if (lease_table_read(process, arena, &rows) && rows.count > 0) {
        const struct lease_row *row = rows.items;
        struct uuids left = {arena_array(arena, rows.count, sizeof *left.items), rows.count};
        for (size_t i = 0; i < rows.count; i++)
            left.items[i] = row[i].holder;
        if (lease_table_revoke(process, arena, left)) {
            sleep_until(monotonic_us() + LEASE_GONE_US);
            lease_table_delete(process, arena, left);
        }
    }
    arena_destroy(&arena);
}

void leases_start(struct process *process)
{
    if (process->program->leases && !process->leases)
        fiber_start(delete_left, process);
    if (!process->leases)
        return;
    service_every(process, LOOK_AFTER_MS, look_after);
    lease_holder_start(process);
}

void leases_collect(const struct process *process, struct metrics *metrics)
{
    const struct leases *leases = process->leases;

    if (!leases)
        return;
    metrics_counter(metrics, "traction_lease_waits_total",
                    "Writes that waited for holders of leases to be told.", NULL,
                    (double)leases->waits);
    metrics_counter(metrics, "traction_lease_expiries_total",
                    "Writes that waited until a revoked lease had ended.", NULL,
                    (double)leases->expiries);
    metrics_counter(metrics, "traction_lease_revocations_total",
                    "Leases revoked because their holder did not answer.", NULL,
                    (double)leases->revocations);
    if (!leases->spec->invalidated)
        return;
    int64_t now_us = monotonic_us();
    metrics_gauge(metrics, "traction_lease_valid", "1 while answers may come from memory.", NULL,
                  lease_is_valid(&leases->own, now_us) && lease_is_valid(&leases->also, now_us));
    metrics_counter(metrics, "traction_lease_losses_total",
                    "Leases that were lost: revoked, or ended by a program that tells nobody.",
                    NULL, (double)leases->losses);
}
