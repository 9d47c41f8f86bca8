/* What many actions or goals are linked to: one statement here and one call to each service that
 * owns the linked entities, however many ids are requested; svc-kpis is called once for each 500
 * goals. Answers have the ids as they were sent. */
#include <stdlib.h>

#include "actions.h"
#include "fiber.h"
#include "id_sets.h"
#include "lookup.h"
#include "operations_handlers.h"
#include "queries.h"

enum { GOALS_WAIT_MS = 3000, KPIS_WAIT_MS = 500 };

/* --- What was found: packed things by their id --- */

struct found {
    struct uuid id; /* first, for by_id */
    const struct value *value;
    struct str packed;
};

struct founds {
    struct found *items;
    size_t count;
};

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

static struct found *found_by(const struct founds *founds, struct uuid id)
{
    if (founds->count == 0)
        return NULL;
    return bsearch(&id, founds->items, founds->count, sizeof *founds->items, by_id);
}

/* --- Links of actions --- */

struct link_row {
    struct uuid target_id; /* first, for ids_of */
    struct uuid action_id;
};
static const struct field link_row_fields[] = {
    COLUMN(link_row, target_id),
    COLUMN(link_row, action_id),
};
const struct model link_row_model = MODEL("LinkRow", link_row, link_row_fields);

/* The first link of the action or behind where it would be: they are in that order. */
static size_t first_link(const struct list *links, struct uuid action)
{
    const struct link_row *rows = links->items;
    size_t from = 0, to = links->count;

    while (from < to) {
        size_t middle = from + (to - from) / 2;
        if (uuid_compare(rows[middle].action_id, action) < 0)
            from = middle + 1;
        else
            to = middle;
    }
    return from;
}

/* What the answer has of all links: the same goal may be linked to every action. */
static size_t linked_bytes(const struct list *links, const struct founds *founds)
{
    const struct link_row *rows = links->items;
    size_t bytes = 0;

    for (size_t i = 0; i < links->count; i++) {
        const struct found *found = found_by(founds, rows[i].target_id);
        bytes += found ? found->packed.size : 0;
    }
    return bytes;
}

static void pack_linked(struct buffer *out, const struct list *links, struct uuid action,
                        const struct founds *founds)
{
    const struct link_row *rows = links->items;
    struct pack_open array = pack_array_open(out);

    for (size_t i = first_link(links, action);
         i < links->count && uuid_equal(rows[i].action_id, action); i++) {
        const struct found *found = found_by(founds, rows[i].target_id);
        if (!found) /* deleted a moment ago */
            continue;
        fiber_yield_in_time();
        pack_raw(out, found->packed);
        array.count++;
    }
    pack_array_close(out, array);
}

static void reply_map(struct op *op, const struct list *links, const struct founds *founds)
{
    struct texts keys = op_written(op, "actionIds");
    size_t bytes = linked_bytes(links, founds);
    struct uuid id;

    if ((int64_t)bytes > op_answer_max()) {
        op_too_large(op, "actionIds");
        return;
    }
    struct buffer out = buffer_in(op->arena, 1024 + bytes + keys.count * (UUID_TEXT_SIZE + 8));
    pack_map(&out, keys.count);
    for (size_t i = 0; i < keys.count; i++) {
        pack_text(&out, keys.items[i]);
        if (uuid_parse(keys.items[i], &id))
            pack_linked(&out, links, id, founds);
    }
    op_reply_packed(op, buffer_str(&out), -1);
}

/* The distinct ids at the other ends of the links, and how often each is there at least. */
static struct uuids targets_of(struct op *op, const struct list *links, size_t *fewest)
{
    struct uuids all = ids_of(op->arena, links->items, links->count, sizeof(struct link_row));
    size_t kept = 0;

    *fewest = all.count;
    qsort(all.items, all.count, sizeof *all.items, by_id);
    for (size_t i = 0, next; i < all.count; i = next) {
        for (next = i + 1; next < all.count && uuid_equal(all.items[next], all.items[i]); next++)
            continue;
        if (next - i < *fewest)
            *fewest = next - i;
        all.items[kept++] = all.items[i];
    }
    all.count = kept;
    return all;
}

static bool read_links(struct op *op, struct statement *statement, const char *what,
                       struct list *links, struct uuids *targets, size_t *fewest)
{
    struct action_batch batch;

    if (!op_body(op, AS(action_batch, &batch)) ||
        !sql_rows(op, statement, AS(action_batch, &batch), &link_row_model, links))
        return false;
    *targets = targets_of(op, links, fewest);
    if (targets->count > GOAL_REFS_MAX)
        op_invalid(op, "actionIds", "have more than %d %s together; ask for fewer at once",
                   (int)GOAL_REFS_MAX, what);
    return op_valid(op);
}

/* After the turn for large answers was got: what svc-goals answers may be one. */
static void find_start(struct op *op, struct op_call *call, struct goal_find *find)
{
    size_t count = find->goal_ids.count + find->strategy_ids.count;
    struct buffer out = buffer_in(op->arena, 64 + count * (UUID_TEXT_SIZE + 2));

    model_pack(AS(goal_find, find), &out);
    op_call_start(op, call, "findGoals", buffer_str(&out), GOALS_WAIT_MS);
}

static bool find_wait(struct op *op, struct op_call *call)
{
    op_call_wait(op, call);
    if (op_call_too_large(call))
        op_too_large(op, "actionIds");
    return op_valid(op) && ((call->reached && call->reply.http == status_http(STATUS_OK)) ||
                            op_fail(op, STATUS_SERVICE_UNAVAILABLE));
}

/* POST /api/operations/actions/strategies */
void action_strategy_relationships_get(struct op *op)
{
    struct goal_find refs = {.useful_bytes = INT_NONE};
    struct list links;
    struct founds founds = {NULL, 0};
    struct op_call call;
    size_t fewest;

    if (!read_links(op, STRATEGIES_OF_ACTIONS, "strategies", &links, &refs.strategy_ids, &fewest))
        return;
    if (refs.strategy_ids.count > 0) {
        if (!op_large_begin(op))
            return;
        find_start(op, &call, &refs);
        if (!find_wait(op, &call))
            return;
        founds = founds_of(op, value_get(call.data, "strategies"));
    }
    reply_map(op, &links, &founds);
}

/* --- Goals, with what svc-kpis knows of them --- */

static void kpis_start(struct op *op, struct op_call *call, struct uuids goals)
{
    struct kpis_of_goals body = {.goal_ids = goals};
    struct buffer out = buffer_in(op->arena, 64 + goals.count * (UUID_TEXT_SIZE + 2));

    model_pack(AS(kpis_of_goals, &body), &out);
    op_call_start(op, call, "kpisOfGoals", buffer_str(&out), KPIS_WAIT_MS);
}

/* False when svc-kpis has not answered for `count` goals. */
static bool kpis_wait(struct op *op, struct op_call *call, size_t count)
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
        kpis_start(op, &parts[i].call, parts[i].goals);
    }
    return parts;
}

/* All goals or none: in a partial answer the caller could not tell which KPIs are missing. */
static bool parts_wait(struct op *op, struct batch_part *parts, size_t count)
{
    bool whole = true;

    for (size_t i = 0; i < count; i++) {
        whole = kpis_wait(op, &parts[i].call, parts[i].goals.count) && whole;
        if (op_call_too_large(&parts[i].call))
            return op_too_large(op, "actionIds");
    }
    return whole;
}

/* POST /api/operations/actions/goals */
void action_goal_relationships_get(struct op *op)
{
    struct goal_find refs = {.useful_bytes = INT_NONE};
    struct list links;
    struct founds founds = {NULL, 0};
    struct op_call find;
    size_t count, fewest;

    if (!read_links(op, GOALS_OF_ACTIONS, "goals", &links, &refs.goal_ids, &fewest))
        return;
    if (refs.goal_ids.count > 0) {
        refs.useful_bytes = op_answer_max() / (int64_t)fewest;
        if (!op_large_begin(op))
            return;
        find_start(op, &find, &refs);
        struct batch_part *parts = parts_start(op, refs.goal_ids, &count);
        if (!find_wait(op, &find))
            return;
        founds = founds_of(op, value_get(find.data, "goals"));
        bool complete = parts_wait(op, parts, count);
        if (!op_valid(op))
            return;
        for (size_t i = 0; complete && i < count; i++)
            complete_goals(op, &founds, parts[i].goals, &parts[i].call);
        if (!complete)
            op_degraded(op, SERVICE_KPIS);
    }
    reply_map(op, &links, &founds);
}

/* POST /api/operations/goals/kpis */
void goal_kpi_relationships_get(struct op *op)
{
    struct goal_batch batch;
    struct op_call call;
    const struct value *kpis = NULL; /* an array for each of `goals` */

    if (!op_body(op, AS(goal_batch, &batch)))
        return;
    struct uuids goals = ids_unique(op->arena, batch.goal_ids);
    struct buffer out = buffer_in(op->arena, 1024);
    if (goals.count > 0) {
        kpis_start(op, &call, goals);
        bool whole = kpis_wait(op, &call, goals.count);
        if (op_call_too_large(&call))
            op_too_large(op, "goalIds");
        if (!op_valid(op) || (!whole && !op_fail(op, STATUS_SERVICE_UNAVAILABLE)))
            return;
        kpis = value_get(call.data, "kpis");
    }
    struct texts keys = op_written(op, "goalIds");
    pack_map(&out, keys.count);
    for (size_t i = 0; kpis && i < keys.count; i++) {
        struct uuid id = {{0}};
        uuid_parse(keys.items[i], &id);
        pack_text(&out, keys.items[i]);
        pack_raw(&out, kpis->items[ids_index(goals, id)].text);
    }
    op_reply_packed(op, buffer_str(&out), -1);
}
