/* Reading goals. Each answer costs a fixed number of statements, however long the page is. */
#include "fiber.h"
#include "goal_cache.h"
#include "goal_handlers.h"
#include "goal_kpis.h"
#include "goal_load.h"
#include "goals.h"
#include "leases.h"
#include "page_read.h"
#include "queries.h"
#include "timestamp.h"

/* --- What is kept in memory (docs/goal-cache.md) --- */

/* Who keeps nothing holds no leases. */
static bool may_keep(struct op *op)
{
    return goal_cache_is_open() && leases_are_valid(op->process);
}

/* Before the first statement. */
struct keeping {
    bool allowed;
    struct goal_reading reading;
};

static struct keeping keeping_begin(struct op *op)
{
    bool allowed = may_keep(op);

    return (struct keeping){allowed, goal_cache_reading(monotonic_us())};
}

/* The leases are valid now, after the request has arrived: enough, however long the answer takes.
 */
static bool find_kept(struct op *op, struct uuid goal, struct cached_goal *kept)
{
    if (!may_keep(op) || !goal_cache_find(op->request->tenant, goal, monotonic_us(), kept))
        return false;
    kept->data = arena_copy(op->arena, kept->data);
    return true;
}

/* Packs a goal, and keeps it when it is whole. */
static struct str pack_goal(struct op *op, const struct keeping *keeping, bool whole,
                            struct goal *goal)
{
    struct buffer out = buffer_in(op->arena, 2048);

    model_pack(AS(goal, goal), &out);
    if (keeping->allowed && whole)
        goal_cache_keep(op->arena, op->request->tenant, goal->id, &keeping->reading,
                        &(struct cached_goal){buffer_str(&out), goal->version});
    return buffer_str(&out);
}

/* --- One --- */

/* The goal and its strategies in one round trip, the KPIs meanwhile. */
static void read_goal(struct op *op, struct row_id *key)
{
    struct goal goal;
    struct goal_kpis kpis;
    struct goal_refs refs = {.goal_ids = {&key->id, 1}};
    struct bounded_rows strategies = strategies_of_goals(&refs);
    struct keeping keeping = keeping_begin(op);
    bool found = false, fit;

    goal_kpis_ask_one(op, &kpis, key->id);
    model_clear(AS(goal, &goal));
    sql_queue_row(op, GOAL_BY_ID, AS(row_id, key), AS(goal, &goal), &found);
    bounded_rows_queue(op, &strategies);
    if (!sql_wait(op))
        return;
    if (!found) {
        op_fail(op, STATUS_GOAL_NOT_FOUND);
        return;
    }
    if (!bounded_rows_complete(op, &strategies, &fit))
        return;
    goal.strategies = strategies.rows;
    bool whole = goals_complete(op, &kpis, &goal, 1);
    op_reply_packed(op, pack_goal(op, &keeping, whole, &goal), goal.version);
}

/* GET /goals/{id} */
void goal_by_id_get(struct op *op)
{
    struct row_id key;
    struct cached_goal kept;

    if (!op_path_uuid(op, "id", &key.id))
        return;
    if (find_kept(op, key.id, &kept))
        op_reply_packed(op, kept.data, kept.version);
    else
        read_goal(op, &key);
}

/* --- A page --- */

static bool is_filtered(const struct goal_query *query)
{
    return query->search.data || query->owner_id.data || query->value_tag.data ||
           query->status.count > 0 || query->horizon.count > 0;
}

/* The goals of a page that are not kept, and which places of the page they have. */
struct missing_goals {
    struct goal *goals;
    size_t *places, count;
};

static struct missing_goals find_missing(struct op *op, const struct list *page, struct str *packed)
{
    const struct goal *goals = page->items;
    struct missing_goals missing = {arena_array(op->arena, page->count, sizeof *missing.goals),
                                    arena_array(op->arena, page->count, sizeof *missing.places), 0};
    struct cached_goal kept;

    for (size_t i = 0; i < page->count; i++) {
        if (find_kept(op, goals[i].id, &kept)) {
            packed[i] = kept.data;
        } else {
            missing.goals[missing.count] = goals[i];
            missing.places[missing.count++] = i;
        }
    }
    return missing;
}

/* Their strategies and KPIs in one round trip. */
static bool read_missing(struct op *op, const struct keeping *keeping,
                         const struct missing_goals *missing, size_t size, struct str *packed)
{
    struct goal_kpis kpis;
    bool fit;

    goal_kpis_ask(op, &kpis,
                  ids_of(op->arena, missing->goals, missing->count, sizeof(struct goal)));
    if (!goals_fill_strategies(op, missing->goals, missing->count, 0, &fit))
        return false;
    bool whole = goals_complete(op, &kpis, missing->goals, missing->count);
    if (!fit || op_call_too_large(&kpis.call))
        return op_page_too_large(op, size / 2);
    for (size_t i = 0; i < missing->count; i++) {
        fiber_yield_in_time();
        packed[missing->places[i]] = pack_goal(op, keeping, whole, &missing->goals[i]);
    }
    return true;
}

/* GET /goals: a page and its total in one round trip, what of it is not kept in a second. */
void goals_get(struct op *op)
{
    struct goal_query query;
    struct keeping keeping = keeping_begin(op);
    int64_t total;

    if (!op_list_query(op, AS(goal_query, &query)) ||
        !op_paging(op, &query.paging, &query.sort_field, &query.descending))
        return;
    bool plain = op_first_page(&query.paging) && !is_filtered(&query);
    struct page_read page = {.read = {.counted = plain ? GOALS_NEWEST : GOALS_PAGE,
                                      .input = AS(goal_query, &query),
                                      .model = &goal_model},
                             .paging = &query.paging,
                             .count = plain ? GOALS_COUNT : NULL};
    if (!page_read(op, &page, &total))
        return;
    struct list goals = page.read.rows;
    struct goal *items = goals.items;
    struct goal *last = goals.count > 0 ? &items[goals.count - 1] : NULL;
    struct str *packed = arena_array(op->arena, goals.count, sizeof *packed);
    struct missing_goals missing = find_missing(op, &goals, packed);
    if (missing.count == 0 || read_missing(op, &keeping, &missing, goals.count, packed))
        op_reply_packed_list(op, packed, goals.count, &query.paging, total, AS(goal, last));
}
