/* Publishing entries to the gateways. This is only the fast path: a gateway detects missing entries
 * by their sequence numbers and reads them. The heads of streams that changed recently are
 * repeated, so that a missing last entry is detected, too; at the start those of all streams, until
 * gateways have had time to connect, because a process may die between commit and publishing. */
#include "queries.h"
#include "realtime.h"
#include "stream.h"

enum {
    RECENT_S = 10,
    ALL_S = 1000000000, /* whenever it changed */
    ALL_ROUNDS = 4,
    PART_MAX = 100, /* entries of one message */
    HEADS_DEADLINE_US = 2000000
};

static struct str epoch; /* read once; static storage below */
static char epoch_text[64];
static int all_rounds; /* how often the heads of all streams were published */

struct tenant_head {
    struct str tenant_id;
    int64_t head;
};
static const struct field tenant_head_fields[] = {
    COLUMN(tenant_head, tenant_id),
    COLUMN(tenant_head, head),
};
const struct model tenant_head_model = MODEL("TenantHead", tenant_head, tenant_head_fields);

struct recent_heads {
    int64_t seconds;
};
static const struct field recent_heads_fields[] = {COLUMN(recent_heads, seconds)};
static const struct model recent_heads_model = MODEL("Recent", recent_heads, recent_heads_fields);

struct epoch_row {
    struct str epoch;
};
static const struct field epoch_fields[] = {COLUMN(epoch_row, epoch)};
const struct model epoch_row_model = MODEL("EpochRow", epoch_row, epoch_fields);

static void publish(struct process *process, struct arena *arena, struct str tenant,
                    const struct stream_page *page)
{
    struct buffer out = buffer_in(arena, 1024);

    model_pack(AS(stream_page, (void *)(uintptr_t)page), &out);
    service_publish(process, tenant, buffer_str(&out));
}

/* In parts, so that no message is large: to a gateway they are like several events. */
static void publish_entries(struct process *process, struct arena *arena, struct str tenant,
                            const struct appended *note)
{
    struct stream_entry *entries = note->entries.items;
    size_t count = note->entries.count;
    int64_t before = note->last.sequence - (int64_t)count;

    for (size_t i = 0; i < count; i++)
        entries[i].sequence = before + (int64_t)i + 1;
    for (size_t i = 0, part; i < count; i += part) {
        part = count - i < PART_MAX ? count - i : PART_MAX;
        int64_t last = entries[i + part - 1].sequence;
        publish(process, arena, tenant,
                &(struct stream_page){
                    .epoch = epoch, .head = last, .up_to = last, .entries = {&entries[i], part}});
        arena_reset(arena);
    }
}

void stream_appended(struct process *process, const struct consumed_event *events, size_t count)
{
    struct arena *arena = arena_new();

    for (size_t i = 0; i < count && epoch.data; i++)
        if (events[i].note)
            publish_entries(process, arena, events[i].event.tenant, events[i].note);
    arena_destroy(&arena);
}

static bool read_heads(struct process *process, struct arena *arena, int64_t seconds,
                       struct list *heads)
{
    struct session_context nobody = {.tenant = STR(""), .now = timestamp_now()};
    struct recent_heads recent = {seconds};
    struct epoch_row row = {STR_NONE};
    bool found = false;
    struct session *session = session_begin(service_database(process), arena, false, &nobody,
                                            monotonic_us() + HEADS_DEADLINE_US);

    session_queue_row(session, EPOCH, NOTHING, AS(epoch_row, &row), &found);
    session_queue_rows(session, HEADS_RECENT, AS(recent_heads, &recent), &tenant_head_model, heads);
    bool read = session_wait(session) == DB_OK && found && row.epoch.size < sizeof epoch_text;
    session_end(&session);
    if (read) {
        for (size_t i = 0; i < row.epoch.size; i++)
            epoch_text[i] = row.epoch.data[i];
        epoch = (struct str){epoch_text, row.epoch.size};
    }
    return read;
}

void stream_repeat_heads(struct process *process)
{
    struct arena *arena = arena_new();
    struct list heads = {NULL, 0};

    if (read_heads(process, arena, all_rounds < ALL_ROUNDS ? ALL_S : RECENT_S, &heads)) {
        const struct tenant_head *head = heads.items;
        for (size_t i = 0; i < heads.count; i++)
            publish(
                process, arena, head[i].tenant_id,
                &(struct stream_page){.epoch = epoch, .head = head[i].head, .up_to = head[i].head});
        all_rounds += all_rounds < ALL_ROUNDS;
    }
    arena_destroy(&arena);
}
