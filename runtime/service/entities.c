/* Answering pages of snapshots. What is read is the services' matter. */
#include "entities.h"

#include "pack.h"

enum { PAGE_MAX_ENTITIES = 100, PAGE_BYTES = 1 << 20, EVENT_ROOM = 512 };

static const struct field snapshot_tenant_fields[] = {COLUMN(snapshot_tenant, tenant_id)};
const struct model snapshot_tenant_model =
    MODEL("SnapshotTenant", snapshot_tenant, snapshot_tenant_fields);

static const struct field deleted_entity_fields[] = {
    COLUMN(deleted_entity, id),
    COLUMN(deleted_entity, version),
    COLUMN(deleted_entity, updated_at),
    COLUMN(deleted_entity, updated_by),
};
const struct model deleted_entity_model =
    MODEL("DeletedEntity", deleted_entity, deleted_entity_fields);

/* --- Which tenants there are --- */

void tenants_answer(struct op *op, struct statement *statement)
{
    struct snapshot_tenants_query query;
    struct list tenants = {NULL, 0};

    if (op->request->tenant.size > 0) {
        op_fail(op, STATUS_INSUFFICIENT_PERMISSIONS);
        return;
    }
    if (!op_body(op, AS(snapshot_tenants_query, &query)) ||
        !sql_rows(op, statement, AS(snapshot_tenants_query, &query), &snapshot_tenant_model,
                  &tenants))
        return;
    const struct snapshot_tenant *tenant = tenants.items;
    struct buffer out = buffer_in(op->arena, 64 * (tenants.count + 1));
    pack_map(&out, 1);
    pack_key(&out, "tenants");
    pack_array(&out, tenants.count);
    for (size_t i = 0; i < tenants.count; i++)
        pack_text(&out, tenant[i].tenant_id);
    op_reply_packed(op, buffer_str(&out), -1);
}

/* --- A page of a tenant's entities --- */

void entities_add(struct op *op, struct entities *page, const char *type, struct uuid id,
                  const struct record *record, struct str data)
{
    struct buffer packed = buffer_in(op->arena, data.size + EVENT_ROOM);
    struct event event = {
        .id = uuid_v7(),
        .type = str_of(type),
        .tenant = op->request->tenant,
        .entity = id,
        .version = record->version,
        .at = record->updated_at,
        .user_id = record->updated_by,
        .data = data,
        .snapshot = true,
    };

    event_pack(&packed, &event);
    pack_bytes(&page->events, buffer_str(&packed));
    page->count++;
}

void entities_add_bound(struct op *op, struct entities *page, const char *type, struct uuid id,
                        const struct record *record, struct bound data)
{
    struct buffer packed = buffer_in(op->arena, EVENT_ROOM);

    model_pack(data, &packed);
    entities_add(op, page, type, id, record, buffer_str(&packed));
}

void entities_end(struct entities *page, const struct entities_query *query, size_t count,
                  struct uuid last)
{
    if (count >= (size_t)query->max)
        page->next = last;
}

bool entities_add_deleted(struct op *op, const struct entities_query *query,
                          struct statement *statement, const char *type, struct entities *page)
{
    struct list rows = {NULL, 0};
    struct entities_query key = *query;
    struct buffer nothing = buffer_in(op->arena, 8);

    if (!sql_rows(op, statement, AS(entities_query, &key), &deleted_entity_model, &rows))
        return false;
    const struct deleted_entity *row = rows.items;
    pack_map(&nothing, 0);
    for (size_t i = 0; i < rows.count; i++)
        entities_add(op, page, type, row[i].id, &row[i].record, buffer_str(&nothing));
    if (rows.count > 0)
        entities_end(page, query, rows.count, row[rows.count - 1].id);
    return true;
}

static void reply(struct op *op, const struct entities *page)
{
    struct buffer out = buffer_in(op->arena, page->events.size + 128);

    pack_map(&out, 3);
    pack_key(&out, "events");
    pack_array(&out, page->count);
    buffer_append(&out, page->events.data, page->events.size);
    pack_key(&out, "next");
    if (uuid_is_none(page->next))
        pack_nil(&out);
    else
        pack_uuid(&out, page->next);
    pack_key(&out, "place");
    pack_int(&out, page->next_place);
    op_reply_packed(op, buffer_str(&out), -1);
}

void entities_answer(struct op *op, const struct entity_kind *kinds)
{
    struct entities page = {.events = buffer_in(op->arena, PAGE_BYTES / 16)};
    struct entities_query query;

    if (op->request->tenant.size == 0) {
        op_fail(op, STATUS_INSUFFICIENT_PERMISSIONS);
        return;
    }
    if (!op_body(op, AS(entities_query, &query)))
        return;
    query.max = PAGE_MAX_ENTITIES;
    query.max_bytes = PAGE_BYTES;
    while (kinds->name && !str_equal(query.kind, str_of(kinds->name)))
        kinds++;
    if (!kinds->name)
        op_invalid(op, "kind", "is none that this service has");
    if (op_valid(op) && kinds->read(op, &query, &page))
        reply(op, &page);
}
