/* Goals and strategies that actions are linked to, asked of the services that own them: one call to
 * svc-goals, and one to svc-kpis for each 500 goals. */
#include "linked_goals.h"

#include <stdlib.h>

#include "fiber.h"
#include "kpis.h"

enum { GOALS_WAIT_MS = 3000, KPIS_WAIT_MS = 500 };

/* Of structs that begin with their id, and of ids alone. */
static int by_id(const void *left, const void *right)
{
    const struct uuid *a = left, *b = right;

    return uuid_compare(*a, *b);
}

static struct founds founds_of(struct op *op, const struct value *array)
{
    size_t count = array->type == VALUE_ARRAY ? array->count : 0;
    struct founds founds = {arena_array(op->arena, count, sizeof *founds.items), 0};

    for (size_t i = 0; i < count; i++) {
        struct found *found = &founds.items[founds.count];
        found->value = &array->items[i];
        found->packed = array->items[i].raw;
        founds.count += uuid_parse(value_text(value_get(&array->items[i], "id")), &found->id);
    }
    qsort(founds.items, founds.count, sizeof *founds.items, by_id);
    return founds;
}

struct found *found_by(const struct founds *founds, struct uuid id)
{
    if (founds->count == 0)
        return NULL;
    return bsearch(&id, founds->items, founds->count, sizeof *founds->items, by_id);
}

/* After the turn for large answers was got: what svc-goals answers may be one. */
static void find_start(struct op *op, struct op_call *call, struct goal_find *find)
{
    size_t count = find->goal_ids.count + find->strategy_ids.count;
    struct buffer out = buffer_in(op->arena, 64 + count * (UUID_TEXT_SIZE + 2));

    model_pack(AS(goal_find, find), &out);
    op_call_start(op, call, "findGoals", buffer_str(&out), GOALS_WAIT_MS);
}

static bool find_wait(struct op *op, struct op_call *call, const char *field)
{
    op_call_wait(op, call);
    if (op_call_too_large(call))
        op_too_large(op, field);
    return op_valid(op) && ((call->reached && call->reply.http == status_http(STATUS_OK)) ||
                            op_fail(op, STATUS_SERVICE_UNAVAILABLE));
}

/* --- Goals, with what svc-kpis knows of them --- */

void goal_kpis_start(struct op *op, struct op_call *call, struct uuids goals)
{
    struct kpis_of_goals body = {.goal_ids = goals};
    struct buffer out = buffer_in(op->arena, 64 + goals.count * (UUID_TEXT_SIZE + 2));

    model_pack(AS(kpis_of_goals, &body), &out);
    op_call_start(op, call, "kpisOfGoals", buffer_str(&out), KPIS_WAIT_MS);
}

bool goal_kpis_wait(struct op *op, struct op_call *call, size_t count)
{
    op_call_wait(op, call);
    const struct value *kpis = value_get(call->data, "kpis");
    const struct value *progress = value_get(call->data, "progress");
    return call->reached && kpis->type == VALUE_ARRAY && kpis->count == count &&
           progress->type == VALUE_ARRAY && progress->count == count;
}

/* svc-goals has packed the goal without KPIs, and without progress unless it is complete. */
static struct str completed_goal(struct op *op, const struct value *goal, const struct value *kpis,
                                 const struct value *progress)
{
    struct buffer out = buffer_in(op->arena, goal->raw.size + kpis->text.size + 64);

    pack_map(&out, goal->count);
    for (uint32_t i = 0; i < goal->count; i++) {
        const struct pair *pair = &goal->pairs[i];
        bool none = value_is_null(&pair->value);
        pack_text(&out, pair->key);
        if (str_equal(pair->key, STR("kpis")) && kpis->type == VALUE_BYTES)
            pack_raw(&out, kpis->text);
        else if (str_equal(pair->key, STR("progress")) && none && value_is_null(progress))
            pack_double(&out, 0);
        else if (str_equal(pair->key, STR("progress")) && none)
            pack_raw(&out, progress->raw);
        else
            pack_raw(&out, pair->value.raw);
    }
    return buffer_str(&out);
}

static void complete_goals(struct op *op, const struct founds *founds, struct uuids asked,
                           const struct op_call *call)
{
    const struct value *kpis = value_get(call->data, "kpis");
    const struct value *progress = value_get(call->data, "progress");

    for (size_t i = 0; i < asked.count; i++) {
        struct found *found = found_by(founds, asked.items[i]);
        fiber_yield_in_time();
        if (found)
            found->packed = completed_goal(op, found->value, &kpis->items[i], &progress->items[i]);
    }
}

/* As many goals as svc-kpis is asked about at once. */
struct batch_part {
    struct uuids goals;
    struct op_call call;
};

static struct batch_part *parts_start(struct op *op, struct uuids goals, size_t *count)
{
    *count = (goals.count + KPIS_OF_GOALS_MAX - 1) / KPIS_OF_GOALS_MAX;
    struct batch_part *parts = arena_array(op->arena, *count, sizeof *parts);

    for (size_t i = 0; i < *count; i++) {
        size_t from = i * KPIS_OF_GOALS_MAX, left = goals.count - from;
        parts[i].goals =
            (struct uuids){goals.items + from, left < KPIS_OF_GOALS_MAX ? left : KPIS_OF_GOALS_MAX};
        goal_kpis_start(op, &parts[i].call, parts[i].goals);
    }
    return parts;
}

/* All goals or none: in a partial answer the caller could not tell which KPIs are missing. */
static bool parts_wait(struct op *op, struct batch_part *parts, size_t count, const char *field)
{
    bool whole = true;

    for (size_t i = 0; i < count; i++) {
        whole = goal_kpis_wait(op, &parts[i].call, parts[i].goals.count) && whole;
        if (op_call_too_large(&parts[i].call))
            return op_too_large(op, field);
    }
    return whole;
}

bool linked_goals_find(struct op *op, struct goal_find *find, const char *field,
                       struct founds *goals, struct founds *strategies)
{
    struct op_call call;
    size_t count;

    *goals = *strategies = (struct founds){NULL, 0};
    if (find->goal_ids.count + find->strategy_ids.count == 0)
        return true;
    if (!op_large_begin(op))
        return false;
    find_start(op, &call, find);
    struct batch_part *parts = parts_start(op, find->goal_ids, &count);
    if (!find_wait(op, &call, field))
        return false;
    *goals = founds_of(op, value_get(call.data, "goals"));
    *strategies = founds_of(op, value_get(call.data, "strategies"));
    bool complete = parts_wait(op, parts, count, field);
    if (!op_valid(op))
        return false;
    for (size_t i = 0; complete && i < count; i++)
        complete_goals(op, goals, parts[i].goals, &parts[i].call);
    if (!complete)
        op_degraded(op, SERVICE_KPIS);
    return true;
}
