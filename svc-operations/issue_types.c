/* Issue types. A tenant's changes of its configuration are serialised (CONFIG_ADVISORY_LOCK), so
 * there is always one default and one last position; the database ensures that names are unique. */
#include "config_rules.h"
#include "event_types.h"
#include "issue_config.h"
#include "lookup.h"
#include "operations_handlers.h"
#include "queries.h"
#include "system_config.h"
#include "type_load.h"

enum { OWN_TYPES_MAX = 500 }; /* lists are answered whole */

/* --- Reading --- */

/* GET /api/operations/issue-types */
void issue_types_get(struct op *op)
{
    struct issue_type_query query;
    struct list types;
    size_t kept = 0;

    if (!op_query(op, AS(issue_type_query, &query)) || !types_load(op, &types))
        return;
    struct issue_type *items = types.items;
    for (size_t i = 0; i < types.count; i++)
        if ((items[i].is_active || query.include_inactive == CHOICE_TRUE) &&
            (!items[i].is_system || query.include_system != CHOICE_FALSE))
            items[kept++] = items[i];
    op_reply_list(op, &issue_type_model, (struct list){items, kept}, NULL, 0);
}

/* SYSTEM_TYPE_VERSION and SYSTEM_TYPE_VERSION_SET */
struct type_version {
    struct uuid id;
    int64_t version;
};
static const struct field type_version_fields[] = {
    COLUMN(type_version, id),
    COLUMN(type_version, version),
};
const struct model type_version_model = MODEL("TypeVersion", type_version, type_version_fields);

/* A SYSTEM type, or one of the tenant's own by `statement`. */
static bool read_type(struct op *op, struct statement *statement, struct uuid id,
                      struct issue_type *type)
{
    struct row_id key = {id}, chosen = {{{0}}};
    struct type_version changed = {.version = 1};
    bool found = false, has_changed = false, has_chosen = false;

    bool system = system_type_find(id, type);
    if (system) {
        sql_queue_row(op, SYSTEM_TYPE_VERSION, AS(row_id, &key), AS(type_version, &changed),
                      &has_changed);
    } else {
        model_clear(AS(issue_type, type));
        sql_queue_row(op, statement, AS(row_id, &key), AS(issue_type, type), &found);
    }
    sql_queue_row(op, DEFAULT_TYPE, NOTHING, AS(row_id, &chosen), &has_chosen);
    if (!sql_wait(op))
        return false;
    if (system)
        type->version = changed.version;
    types_mark_default(type, 1, chosen.id);
    return found || system || op_fail(op, STATUS_ISSUE_TYPE_NOT_FOUND);
}

/* The type of the path. */
static bool find_type(struct op *op, struct statement *statement, struct issue_type *type)
{
    struct uuid id;

    return op_path_uuid(op, "typeId", &id) && read_type(op, statement, id, type) &&
           op_version_ok(op, type->version);
}

/* GET /api/operations/issue-types/{typeId} */
void issue_type_by_id_get(struct op *op)
{
    struct issue_type type;

    if (find_type(op, ISSUE_TYPE_BY_ID, &type))
        op_reply(op, AS(issue_type, &type), type.version);
}

/* --- Changing --- */

/* A SYSTEM type itself never changes; only whether it is the default belongs to the tenant, like
 * the version that counts these changes. */
static void save(struct op *op, struct issue_type *type)
{
    type->version++;
    if (type->is_system) {
        struct type_version changed = {type->id, type->version};
        sql_exec(op, SYSTEM_TYPE_VERSION_SET, AS(type_version, &changed));
        return;
    }
    type->updated_at = op->now;
    type->updated_by = op->request->user;
    sql_exec(op, ISSUE_TYPE_UPDATE, AS(issue_type, type));
}

static void publish(struct op *op, const char *event, struct issue_type *before,
                    struct issue_type *type)
{
    op_event_changed(op, event, type->id, type->version, AS(issue_type, before),
                     AS(issue_type, type));
}

/* The type that is the default now, or would be if none were chosen. */
static bool find_default(struct op *op, struct uuid *id)
{
    struct row_id chosen = {{{0}}};
    bool found;

    if (!sql_find(op, DEFAULT_TYPE, NOTHING, AS(row_id, &chosen), &found))
        return false;
    *id = found ? chosen.id : system_type_general();
    return true;
}

/* When a type becomes the default the previous default changes, too; when it ceases to be, General
 * becomes the default and changes. */
static void hand_over_default(struct op *op, bool was_default, const struct issue_type *type)
{
    struct row_id key = {type->id};
    struct uuid other_id = system_type_general();
    struct issue_type other;

    if (type->is_default == was_default || (type->is_default && !find_default(op, &other_id)) ||
        !read_type(op, ISSUE_TYPE_BY_ID, other_id, &other))
        return;
    sql_exec(op, type->is_default ? DEFAULT_TYPE_SET : DEFAULT_TYPE_UNSET, AS(row_id, &key));
    struct issue_type before = other;
    other.is_default = was_default;
    save(op, &other);
    publish(op, EVENT_ISSUE_TYPE_UPDATED, &before, &other);
}

/* POST /api/operations/issue-types */
void issue_type_create(struct op *op)
{
    struct issue_type type;
    struct list types;

    if (!op_gather_body(op, AS(issue_type, &type)))
        return;
    config_check_new(op, type.is_active, "isSystemType", type.is_system);
    if (!op_valid(op))
        return;
    sql_exec(op, CONFIG_ADVISORY_LOCK, NOTHING);
    if (!types_load(op, &types))
        return;
    if (types.count >= OWN_TYPES_MAX + SYSTEM_TYPES)
        op_invalid(op, "name", "cannot be added: there are %d types already", (int)OWN_TYPES_MAX);
    if (!op_valid(op))
        return;
    type.id = uuid_v7();
    if (type.order_index == INT_NONE)
        type.order_index = ((struct issue_type *)types.items)[types.count - 1].order_index + 1;
    type.is_active = true;
    record_create(&type.record, op->now, op->request->user);
    sql_exec(op, ISSUE_TYPE_INSERT, AS(issue_type, &type));
    op_event(op, EVENT_ISSUE_TYPE_CREATED, type.id, type.version, AS(issue_type, &type));
    hand_over_default(op, false, &type);
    op_created(op, location_of(op, "/api/operations/issue-types/", type.id));
    op_reply(op, AS(issue_type, &type), type.version);
}

static bool same_but_default(const struct issue_type *a, const struct issue_type *b)
{
    return str_equal(a->name, b->name) && str_equal(a->description, b->description) &&
           str_equal(a->color, b->color) && str_equal(a->icon, b->icon) &&
           a->order_index == b->order_index;
}

/* Which type is the default belongs to the tenant; the type itself does not. */
static void update_system(struct op *op, struct issue_type *before, struct issue_type *type)
{
    if (!op_named(op, "isDefault") || !same_but_default(before, type)) {
        op_fail(op, STATUS_SYSTEM_RESOURCE);
        return;
    }
    if (before->is_default && !type->is_default && uuid_equal(type->id, system_type_general()))
        op_invalid(op, "isDefault", "stays true until another type is made the default");
    if (!op_valid(op))
        return;
    if (type->is_default != before->is_default) {
        save(op, type);
        publish(op, EVENT_ISSUE_TYPE_UPDATED, before, type);
        hand_over_default(op, before->is_default, type);
    }
    op_reply(op, AS(issue_type, type), type->version);
}

/* PUT /api/operations/issue-types/{typeId} */
void issue_type_update(struct op *op)
{
    struct issue_type before, type;

    sql_exec(op, CONFIG_ADVISORY_LOCK, NOTHING);
    if (!find_type(op, ISSUE_TYPE_FOR_UPDATE, &before))
        return;
    type = before;
    if (!op_gather_patch(op, AS(issue_type, &type)))
        return;
    config_check_fixed(op, type.is_active == before.is_active, "isSystemType",
                       type.is_system == before.is_system);
    if (!op_valid(op))
        return;
    if (type.is_system) {
        update_system(op, &before, &type);
        return;
    }
    if (type.is_default && !type.is_active)
        op_invalid(op, "isDefault", "cannot be true of an inactive type");
    if (!op_valid(op))
        return;
    save(op, &type);
    publish(op, EVENT_ISSUE_TYPE_UPDATED, &before, &type);
    hand_over_default(op, before.is_default, &type);
    op_reply(op, AS(issue_type, &type), type.version);
}

/* Finds the type and locks it, so that it is assigned to no issue until the commit. */
static bool lock_own(struct op *op, struct issue_type *type)
{
    sql_exec(op, CONFIG_ADVISORY_LOCK, NOTHING);
    if (!find_type(op, ISSUE_TYPE_FOR_UPDATE, type))
        return false;
    return !type->is_system || op_fail(op, STATUS_SYSTEM_RESOURCE);
}

/* DELETE /api/operations/issue-types/{typeId}: it stays, inactive; to delete it again finds
 * nothing. When it was the default, General is again. */
void issue_type_delete(struct op *op)
{
    struct issue_type type;
    struct row_count used = {0};
    bool found;

    if (!lock_own(op, &type) || (!type.is_active && !op_fail(op, STATUS_ISSUE_TYPE_NOT_FOUND)))
        return;
    struct row_id key = {type.id};
    /* After the lock: a transaction that was assigning the type has committed, or will be refused.
     */
    if (!sql_find(op, ISSUE_TYPE_USED, AS(row_id, &key), AS(row_count, &used), &found))
        return;
    if (used.count > 0) {
        op_fail_because(op, STATUS_DEPENDENCY_EXISTS,
                        "Issues have this type; give them another one first");
        return;
    }
    struct issue_type before = type;
    type.is_active = type.is_default = false;
    save(op, &type);
    publish(op, EVENT_ISSUE_TYPE_DELETED, &before, &type);
    hand_over_default(op, before.is_default, &type);
    op_reply_deleted(op, type.id);
}

/* POST /api/operations/issue-types/{typeId}:activate */
void issue_type_activate(struct op *op)
{
    struct issue_type type;

    if (!lock_own(op, &type))
        return;
    if (!type.is_active) {
        struct issue_type before = type;
        type.is_active = true;
        save(op, &type);
        publish(op, EVENT_ISSUE_TYPE_ACTIVATED, &before, &type);
    }
    op_reply(op, AS(issue_type, &type), type.version);
}
