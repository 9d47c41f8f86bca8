/* Begins anew from a snapshot, where the source's log does not go back far enough: pages of its
 * entities, tenant by tenant, are applied as events are, and then the place is moved to one that
 * the log had before the first page was read. docs/retention.md says why that is right although
 * the pages are read at different moments.
 *
 * Pages are applied by consumer_restore.c. An interrupted snapshot is begun again. */
#include <string.h>

#include "consumer_snapshot.h"
#include "events_queries.h"
#include "fiber.h"
#include "log.h"
#include "pack.h"
#include "timestamp.h"

enum {
    SNAPSHOT_CALL_MS = 10000,
    TENANTS_MAX = 1000,         /* of one question */
    TENANT_SIZE = 512,          /* of a name: 128 characters */
    SNAPSHOT_SAY_US = 10000000, /* between lines of the log */
};

/* --- Questions --- */

/* Whether asking again is of no use: the source does not know the operation, or what it is for. */
static bool is_final(int http)
{
    return http == 403 || http == 404 || http == 422 || http == 501;
}

/* The reply's data; NULL when the snapshot is over. Asks until the source answers. `unknown`, where
 * it is not NULL: the source may not know what is asked for, which ends nothing. */
static const struct value *ask(struct snapshot *snapshot, struct arena *arena,
                               const char *operation, struct str tenant, struct str body,
                               bool *unknown)
{
    struct consumer *consumer = snapshot->consumer;
    const struct question question = {operation, tenant, body, SNAPSHOT_CALL_MS};
    const struct value *data;
    int64_t retry_us = 0;

    while (!consumer->ending) {
        int http = consumer_call(consumer, arena, &question, &data);
        if (http == 200)
            return data;
        if (http == 422 && unknown) {
            *unknown = true;
            return NULL;
        }
        if (is_final(http)) {
            consumer_stop(consumer, "it refuses %s with status %d; it may be of an older release",
                          operation, http);
            break;
        }
        fiber_sleep((consumer_pause(&retry_us) - monotonic_us()) / 1000 + 1);
    }
    snapshot->over = true;
    return NULL;
}

/* --- Where the log goes on --- */

struct snapshot_base {
    struct str source;
    int64_t sequence; /* -1: there is none */
};
static const struct field snapshot_base_fields[] = {
    COLUMN(snapshot_base, source),
    FIELD_AS(snapshot_base, sequence, "pos", .flags = FIELD_INTERNAL),
};
const struct model snapshot_base_model = MODEL("SnapshotBase", snapshot_base, snapshot_base_fields);

/* Of the serving consumer of this program: what is behind it has no history yet, and what waits
 * with it is to be met again. */
static int64_t serving_place(struct consumer *consumer)
{
    struct snapshot_base base = {str_of(consumer->config.service), -1};
    bool found = false;
    struct session *session = consumer_begin(consumer);

    session_queue_row(session, SNAPSHOT_BASE, AS(snapshot_base, &base), AS(snapshot_base, &base),
                      &found);
    bool good = session_commit(session) == DB_OK && found;
    session_end(&session);
    return good ? base.sequence : -1;
}

/* From where and up to where there is a log now. */
static bool ask_ends(struct snapshot *snapshot, int64_t *first, int64_t *head)
{
    struct consumer *consumer = snapshot->consumer;
    struct buffer body = buffer_in(consumer->arena, 32);

    pack_map(&body, 2);
    pack_key(&body, "pos");
    pack_int(&body, consumer->head);
    pack_key(&body, "limit");
    pack_int(&body, 1);
    const struct value *data =
        ask(snapshot, consumer->arena, "eventsSince", STR_NONE, buffer_str(&body), NULL);
    if (data) {
        *head = value_int(value_get(data, "head"), 0);
        *first = value_int(value_get(data, "first"), 1);
    }
    return data != NULL;
}

static bool find_place(struct snapshot *snapshot)
{
    struct consumer *consumer = snapshot->consumer;
    int64_t serving = consumer->config.anew ? serving_place(consumer) : -1, first, head;

    if (!ask_ends(snapshot, &first, &head))
        return false;
    snapshot->place = serving >= first - 1 && serving <= head ? serving : head;
    return true;
}

/* --- The walk --- */

static bool take_page(struct snapshot *snapshot, const struct value *data)
{
    struct consumer *consumer = snapshot->consumer;
    const struct value *list = value_get(data, "events");
    size_t count = list->type == VALUE_ARRAY ? list->count : 0;
    struct consumed_event *events = arena_array(consumer->arena, count + 1, sizeof *events);

    for (size_t i = 0; i < count; i++) {
        events[i] = (struct consumed_event){.sequence = snapshot->place};
        if (list->items[i].type != VALUE_BYTES ||
            !event_unpack(consumer->arena, list->items[i].text, &events[i].event)) {
            consumer_stop(consumer, "an entity of its snapshot cannot be read");
            snapshot->over = true;
            return false;
        }
    }
    snapshot_apply(snapshot, events, count);
    return !snapshot->over;
}

static void say(struct snapshot *snapshot, const char *kind)
{
    if (monotonic_us() - snapshot->said_us < SNAPSHOT_SAY_US)
        return;
    snapshot->said_us = monotonic_us();
    log_info("takes a snapshot", LOG_CSTR("source", snapshot->consumer->config.source),
             LOG_CSTR("kind", kind), LOG_INT("tenants", snapshot->tenant_count),
             LOG_INT("entities", snapshot->entities));
}

static struct str pack_question(struct consumer *consumer, const char *kind, struct uuid id,
                                int64_t place)
{
    struct buffer body = buffer_in(consumer->arena, 128);
    bool first = uuid_is_none(id);

    pack_map(&body, first ? 1 : 3);
    pack_key(&body, "kind");
    pack_text(&body, str_of(kind));
    if (!first) {
        pack_key(&body, "id");
        pack_uuid(&body, id);
        pack_key(&body, "place");
        pack_int(&body, place);
    }
    return buffer_str(&body);
}

static void take_kind(struct snapshot *snapshot, struct str tenant, const char *kind, bool *unknown)
{
    struct consumer *consumer = snapshot->consumer;
    struct uuid id = {{0}};
    int64_t place = 0;
    bool more = true;

    while (more && !snapshot->over) {
        arena_reset(consumer->arena);
        const struct value *data = ask(snapshot, consumer->arena, "entitiesAfter", tenant,
                                       pack_question(consumer, kind, id, place), unknown);
        if (!data)
            return;
        more = uuid_parse(value_text(value_get(data, "next")), &id);
        place = value_int(value_get(data, "place"), 0);
        more = take_page(snapshot, data) && more;
        say(snapshot, kind);
    }
}

/* While a release is rolled out, the source may be of the one before, which does not have them. */
static void take_added_kinds(struct snapshot *snapshot, struct str tenant)
{
    const char *const *kinds = snapshot->consumer->config.added_kinds;

    for (unsigned i = 0; kinds && kinds[i] && !snapshot->over; i++) {
        bool unknown = false;

        if (snapshot->left_out >> i & 1)
            continue;
        take_kind(snapshot, tenant, kinds[i], &unknown);
        if (!unknown)
            continue;
        snapshot->left_out |= 1U << i;
        log_warning("a snapshot is without what its source does not know",
                    LOG_CSTR("source", snapshot->consumer->config.source),
                    LOG_CSTR("kind", kinds[i]));
    }
}

static void take_tenants(struct snapshot *snapshot, const struct value *tenants)
{
    const char *const *kind;

    for (uint32_t i = 0; i < tenants->count && !snapshot->over; i++) {
        struct str tenant = value_text(&tenants->items[i]);

        snapshot->tenant_count++;
        for (kind = snapshot->consumer->config.kinds; *kind && !snapshot->over; kind++)
            take_kind(snapshot, tenant, *kind, NULL);
        take_added_kinds(snapshot, tenant);
    }
}

static void take_all(struct snapshot *snapshot)
{
    struct str after = STR_NONE;
    char last[TENANT_SIZE];

    while (!snapshot->over) {
        struct buffer body = buffer_in(snapshot->tenants, 256);
        pack_map(&body, 2);
        pack_key(&body, "max");
        pack_int(&body, TENANTS_MAX);
        pack_key(&body, "after");
        pack_text(&body, after);
        const struct value *data =
            ask(snapshot, snapshot->tenants, "tenantsAfter", STR_NONE, buffer_str(&body), NULL);
        const struct value *tenants = data ? value_get(data, "tenants") : NULL;
        if (!tenants || tenants->type != VALUE_ARRAY || tenants->count == 0)
            return;
        take_tenants(snapshot, tenants);
        struct str text = value_text(&tenants->items[tenants->count - 1]);
        after = (struct str){last, text.size < sizeof last ? text.size : sizeof last};
        memcpy(last, text.data, after.size);
        arena_reset(snapshot->tenants);
    }
}

/* --- From the first to the last --- */

static bool move_place(struct snapshot *snapshot)
{
    struct consumer *consumer = snapshot->consumer;
    struct apply_batch batch = {.after = snapshot->place};
    struct session *session = consumer_begin(consumer);

    if (!consumer->config.kinds && consumer->config.lost)
        consumer->config.lost(consumer->config.argument, session);
    bool good = consumer_run_batch(consumer, session, &batch);
    session_end(&session);
    return good;
}

static void done(struct snapshot *snapshot)
{
    struct consumer *consumer = snapshot->consumer;

    log_warning(consumer->config.kinds ? "began anew from a snapshot"
                                       : "events were left out that the log has no more",
                LOG_CSTR("source", consumer->config.source), LOG_INT("pos", snapshot->place),
                LOG_INT("before", consumer->stored), LOG_INT("tenants", snapshot->tenant_count),
                LOG_INT("entities", snapshot->entities));
    consumer->counts.snapshots++;
    consumer->snapshot = false;
    consumer->begun = true;
    consumer->held = consumer->config.anew;
}

/* After the pages: who waits for the log to be read again has to know how far it goes. */
static bool look_at_head(struct snapshot *snapshot)
{
    struct consumer *consumer = snapshot->consumer;
    int64_t first, head;

    arena_reset(consumer->arena);
    if (!ask_ends(snapshot, &first, &head))
        return false;
    if (consumer->head < head)
        consumer->head = head;
    return true;
}

void consumer_snapshot(struct consumer *consumer)
{
    struct snapshot snapshot = {.consumer = consumer, .tenants = arena_new()};

    arena_reset(consumer->arena);
    snapshot.said_us = monotonic_us();
    if (find_place(&snapshot) && consumer->config.kinds)
        take_all(&snapshot);
    if (!snapshot.over && look_at_head(&snapshot) && move_place(&snapshot))
        done(&snapshot);
    else if (!consumer->stopped[0] && !consumer->ending)
        consumer->apply_not_before_us = consumer_pause(&consumer->apply_retry_us);
    consumer->loaded = false; /* as it is stored now, by whichever replica */
    arena_destroy(&snapshot.tenants);
}
