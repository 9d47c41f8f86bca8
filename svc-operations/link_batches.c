/* What many actions or goals are linked to: one statement here and one call to each service that
 * owns the linked entities, however many ids are requested; svc-kpis is called once for each 500
 * goals. Answers have the ids as they were sent. */
#include <stdlib.h>

#include "actions.h"
#include "fiber.h"
#include "id_sets.h"
#include "linked_goals.h"
#include "lookup.h"
#include "operations_handlers.h"
#include "queries.h"

/* Of structs that begin with their id, and of ids alone. */
static int by_id(const void *left, const void *right)
{
    const struct uuid *a = left, *b = right;

    return uuid_compare(*a, *b);
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

/* POST /api/operations/actions/strategies */
void action_strategy_relationships_get(struct op *op)
{
    struct goal_find find = {.useful_bytes = INT_NONE};
    struct list links;
    struct founds goals, strategies;
    size_t fewest;

    if (read_links(op, STRATEGIES_OF_ACTIONS, "strategies", &links, &find.strategy_ids, &fewest) &&
        linked_goals_find(op, &find, "actionIds", &goals, &strategies))
        reply_map(op, &links, &strategies);
}

/* POST /api/operations/actions/goals */
void action_goal_relationships_get(struct op *op)
{
    struct goal_find find = {.useful_bytes = INT_NONE};
    struct list links;
    struct founds goals, strategies;
    size_t fewest;

    if (!read_links(op, GOALS_OF_ACTIONS, "goals", &links, &find.goal_ids, &fewest))
        return;
    if (fewest > 0)
        find.useful_bytes = op_answer_max() / (int64_t)fewest;
    if (linked_goals_find(op, &find, "actionIds", &goals, &strategies))
        reply_map(op, &links, &goals);
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
        goal_kpis_start(op, &call, goals);
        bool whole = goal_kpis_wait(op, &call, goals.count);
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
