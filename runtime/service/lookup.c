/* Ids, counts and names of people as rows. */
#include "lookup.h"

#include <string.h>

#include "runtime_queries.h"

static const struct field row_id_fields[] = {COLUMN(row_id, id)};
const struct model row_id_model = MODEL("RowId", row_id, row_id_fields);

static const struct field row_ids_fields[] = {COLUMN(row_ids, ids)};
const struct model row_ids_model = MODEL("RowIds", row_ids, row_ids_fields);

static const struct field row_count_fields[] = {COLUMN(row_count, count)};
const struct model row_count_model = MODEL("RowCount", row_count, row_count_fields);

struct person_key {
    struct str person_id;
};
static const struct field person_key_fields[] = {COLUMN(person_key, person_id)};
static const struct model person_key_model = MODEL("PersonKey", person_key, person_key_fields);

static const struct field person_name_fields[] = {COLUMN(person_name, name)};
const struct model person_name_model = MODEL("PersonName", person_name, person_name_fields);

void queue_person(struct op *op, struct str id, struct person_name *name)
{
    struct person_key key = {id};
    bool *found = arena_alloc(op->arena, sizeof *found);

    name->name = STR_NONE;
    sql_queue_row(op, PERSON_NAME, AS(person_key, &key), AS(person_name, name), found);
}

bool person_read_unlocked(struct op *op, struct str id, struct str *name)
{
    struct person_key key = {id};
    struct person_name row = {STR_NONE};
    bool found;

    if (!sql_read_unlocked(op, PERSON_NAME, AS(person_key, &key), AS(person_name, &row), &found))
        return false;
    *name = row.name;
    return true;
}

bool path_goal(struct op *op, struct uuid *id)
{
    return uuid_parse(op_path_text(op, "goalId"), id) || op_fail(op, STATUS_GOAL_NOT_FOUND);
}

struct uuids ids_new(struct arena *arena, size_t count)
{
    struct uuids ids = {arena_array(arena, count, sizeof *ids.items), count};

    for (size_t i = 0; i < count; i++)
        ids.items[i] = uuid_v7();
    return ids;
}

struct uuids ids_of(struct arena *arena, const void *items, size_t count, size_t stride)
{
    struct uuids ids = {arena_array(arena, count, sizeof *ids.items), count};

    for (size_t i = 0; i < count; i++)
        memcpy(&ids.items[i], (const char *)items + i * stride, sizeof *ids.items);
    return ids;
}

struct str location_of(struct op *op, const char *prefix, struct uuid id)
{
    char text[UUID_TEXT_SIZE];

    uuid_format(id, text);
    return arena_printf(op->arena, "%s%.*s", prefix, (int)sizeof text, text);
}
