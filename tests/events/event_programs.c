/* The two services under test: a publisher that adds to numbers, and a consumer that adds up the
 * same from the events. Adding is not idempotent, so a lost or repeated event shows. */
#include "event_programs.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "consumer_queries.h"
#include "entities.h"
#include "event.h"
#include "events_queries.h"
#include "faults.h"
#include "pack.h"
#include "publisher_queries.h"
#include "service.h"

static const struct field change_fields[] = {
    FIELD(change, id, "id", .flags = FIELD_REQUIRED),
    FIELD(change, amount, "amount", .flags = FIELD_REQUIRED),
    COLUMN(change, value),
    COLUMN(change, version),
};
const struct model change_model = MODEL("Change", change, change_fields);

/* --- The publisher --- */

/* What a newer release tells now and then, and the consumer has to understand. Past op_event, whose
 * table has no such type yet. */
struct turned {
    struct uuid id;
    int64_t version;
    struct packed payload;
};
static const struct field turned_fields[] = {
    COLUMN(turned, id),
    COLUMN(turned, version),
    COLUMN(turned, payload),
};
static const struct model turned_model = MODEL("Turned", turned, turned_fields);

static bool is_turned(const struct op *op, const struct change *change)
{
    return fault_planted("newer-release") && change->amount == 8 &&
           str_equal(op->request->tenant, STR("tenant-1"));
}

static void tell_turned(struct op *op, const struct change *item, struct change *change)
{
    struct buffer data = buffer_in(op->arena, 64), packed = buffer_in(op->arena, 256);
    struct event event = {
        .id = uuid_v7(),
        .type = STR("item.turned"),
        .tenant = op->request->tenant,
        .entity = item->id,
        .version = item->version,
        .at = op->now,
        .user_id = op->request->user,
        .must = STR("svc-analytics,svc-kpis"),
    };

    model_pack(AS(change, change), &data);
    event.data = buffer_str(&data);
    event_pack(&packed, &event);
    struct turned turned = {item->id, item->version, {buffer_str(&packed)}};
    sql_exec(op, ITEM_TURNED, AS(turned, &turned));
}

static void item_change(struct op *op)
{
    struct change change, item;

    if (!op_body(op, AS(change, &change)) ||
        !sql_row(op, ITEM_CHANGE, AS(change, &change), AS(change, &item)))
        return;
    if (is_turned(op, &change))
        tell_turned(op, &item, &change);
    else
        op_event(op, "item.changed", item.id, item.version, AS(change, &change));
    op_reply(op, AS(change, &change), item.version);
}

/* A planted fault: moves rows after the last id instead of all rows that are there. */
static void read_by_id(void)
{
    EVENTS_ADVISORY_LOCK->text = "SELECT pg_sleep(0)";
    EVENTS_MOVE->text =
        "WITH moved AS (SELECT id, tenant_id, type, payload, created_at FROM outbox"
        " WHERE id > greatest($1, (SELECT last FROM reader)) ORDER BY id LIMIT $2),"
        " noted AS (UPDATE reader SET last = (SELECT max(id) FROM moved)"
        " WHERE EXISTS (SELECT FROM moved)),"
        " logged AS (INSERT INTO event_log (pos, tenant_id, type, payload, created_at)"
        " SELECT (SELECT coalesce(max(pos), 0) FROM event_log) + row_number() OVER (ORDER BY id),"
        " tenant_id, type, payload, created_at FROM moved RETURNING pos, tenant_id, payload)"
        " SELECT pos, tenant_id, payload, (SELECT max(id) FROM moved) AS last_id,"
        " 0::bigint AS oldest_at_work, 0::bigint AS own FROM logged ORDER BY pos";
}

/* Snapshots of a release that has one kind only, of which there are none. */
static void item_tenants(struct op *op)
{
    struct snapshot_tenants_query query;
    struct buffer out = buffer_in(op->arena, 64);

    if (!op_body(op, AS(snapshot_tenants_query, &query)))
        return;
    bool first = query.after.size == 0;
    pack_map(&out, 1);
    pack_key(&out, "tenants");
    pack_array(&out, first ? 2 : 0);
    if (first) {
        pack_text(&out, STR("tenant-1"));
        pack_text(&out, STR("tenant-2"));
    }
    op_reply_packed(op, buffer_str(&out), -1);
}

static bool no_items(struct op *op, const struct entities_query *query, struct entities *page)
{
    (void)query;
    (void)page;
    return !op_failed(op);
}

static void item_entities(struct op *op)
{
    static const struct entity_kind kinds[] = {{"items", no_items}, {NULL, NULL}};

    entities_answer(op, kinds);
}

static const struct handler publisher_handlers[] = {{"createGoal", NULL, item_change},
                                                    {"tenantsAfter", NULL, item_tenants},
                                                    {"entitiesAfter", NULL, item_entities},
                                                    {.operation = NULL}};

static const struct service_program publisher = {
    .service = SERVICE_GOALS,
    .handlers = publisher_handlers,
    .partial = true,
    .statements = publisher_statements,
    .migrations = publisher_migrations,
};

/* --- The consumer --- */

static void item_follow(struct op *op, struct consumed_event *event)
{
    struct value data;
    struct change change = {.version = event->event.version};
    struct field_errors errors;

    field_errors_init(&errors, op->arena);
    if (!unpack(op->arena, event->event.data, &data) ||
        !model_decode(AS(change, &change), &data, DECODE_CREATE, &errors, NULL)) {
        op_fail(op, STATUS_VALIDATION_ERROR);
        return;
    }
    sql_exec(op, ITEM_FOLLOW, AS(change, &change));
    event->note = op;
}

static void item_followed(struct process *process, const struct consumed_event *events,
                          size_t count)
{
    (void)process;
    for (size_t i = 0; i < count; i++)
        assert(events[i].note && (i == 0 || events[i].sequence > events[i - 1].sequence));
}

/* An older release does not know what the newer one tells. */
static bool item_known(struct str type)
{
    return str_equal(type, STR("item.changed")) || !fault_planted("older-release");
}

static const char *const followed_types[] = {"item.", NULL};
static const struct consumer_spec followed[] = {
    {.source = SERVICE_GOALS,
     .types = followed_types,
     .knows = item_known,
     .apply = item_follow,
     .applied = item_followed},
    {.source = SERVICE_GATEWAY},
};

/* A newer release that keeps state, and knows more kinds of it than the source does. */
static const struct consumer_spec kept[] = {
    {.source = SERVICE_GOALS,
     .types = followed_types,
     .kinds = (const char *const[]){"items", NULL},
     .added_kinds = (const char *const[]){"colors", "shapes", NULL},
     .apply = item_follow},
    {.source = SERVICE_GATEWAY},
};

static const struct handler consumer_handlers[] = {{.operation = NULL}};

static struct service_program consumer = {
    .service = SERVICE_KPIS,
    .handlers = consumer_handlers,
    .partial = true,
    .statements = consumer_statements,
    .migrations = consumer_migrations,
    .consumes = followed,
};

int program_main(const char *role, const char *option)
{
    char name[] = "program", word[32];

    snprintf(word, sizeof word, "%s", option ? option : "");
    char *arguments[] = {name, word, NULL};
    if (fault_planted("by-id"))
        read_by_id();
    if (fault_planted("keeps-state"))
        consumer.consumes = kept;
    return service_main(!strcmp(role, "publisher") ? &publisher : &consumer, option ? 2 : 1,
                        arguments);
}
