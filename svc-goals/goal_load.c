/* Rows that several handlers read in the same way. */
#include "goal_load.h"

#include <string.h>

#include "queries.h"

static const struct field row_id_fields[] = {FIELD(row_id, id, "id", .flags = FIELD_INTERNAL)};
const struct model row_id_model = MODEL("RowId", row_id, row_id_fields);

static const struct field row_count_fields[] = {
    FIELD(row_count, count, "count", .flags = FIELD_INTERNAL)};
const struct model row_count_model = MODEL("RowCount", row_count, row_count_fields);

static const struct field person_key_fields[] = {
    FIELD(person_key, person_id, "personId", .flags = FIELD_INTERNAL)};
const struct model person_key_model = MODEL("PersonKey", person_key, person_key_fields);

static const struct field person_name_fields[] = {
    FIELD(person_name, name, "name", .flags = FIELD_INTERNAL)};
const struct model person_name_model = MODEL("PersonName", person_name, person_name_fields);

bool goal_lock(struct op *op, struct uuid id, struct goal *goal)
{
    struct row_id key = {id};
    struct list strategies = {NULL, 0};
    bool found = false;

    model_clear(AS(goal, goal));
    sql_ask_row(op, GOAL_LOCK, AS(row_id, &key), AS(goal, goal), &found);
    /* Read after the lock was got, so it is what the goal has now. */
    sql_ask_rows(op, STRATEGIES_OF_GOAL, AS(row_id, &key), &strategy_model, &strategies);
    if (!sql_wait(op))
        return false;
    if (!found)
        return op_fail(op, STATUS_GOAL_NOT_FOUND);
    goal->strategies = strategies;
    return true;
}

bool goals_fill_strategies(struct op *op, struct goal *goals, size_t count)
{
    struct goal_refs refs = {.goal_ids = ids_of(op, goals, count, sizeof *goals)};
    struct list rows;

    if (count == 0)
        return true;
    if (!sql_rows(op, STRATEGIES_OF_GOALS, AS(goal_refs, &refs), &strategy_model, &rows))
        return false;
    /* Rows come grouped by goal: hand each group to its goal. */
    struct strategy *strategies = rows.items;
    for (size_t from = 0, to; from < rows.count; from = to) {
        for (to = from + 1; to < rows.count; to++)
            if (!uuid_equal(strategies[to].goal_id, strategies[from].goal_id))
                break;
        for (size_t i = 0; i < count; i++)
            if (uuid_equal(goals[i].id, strategies[from].goal_id))
                goals[i].strategies = (struct list){strategies + from, to - from};
    }
    return true;
}

void ask_person(struct op *op, struct str id, struct person_name *name)
{
    struct person_key key = {id};
    bool *found = arena_alloc(op->arena, sizeof *found);

    name->name = STR_NONE;
    sql_ask_row(op, PERSON_NAME, AS(person_key, &key), AS(person_name, name), found);
}

bool peek_person(struct op *op, struct str id, struct str *name)
{
    struct person_key key = {id};
    struct person_name row = {STR_NONE};
    bool found;

    if (!sql_peek(op, PERSON_NAME, AS(person_key, &key), AS(person_name, &row), &found))
        return false;
    *name = row.name;
    return true;
}

struct uuids ids_of(struct op *op, const void *items, size_t count, size_t stride)
{
    struct uuids ids = {arena_array(op->arena, count, sizeof *ids.items), count};
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
