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

/* Where a goal stands on a page. */
struct goal_place {
    struct uuid id;
    LISTED_MEMBERS
};
static const struct field goal_place_fields[] = {COLUMN(goal_place, id), LISTED_FIELDS(goal_place)};
const struct model goal_place_model = MODEL("GoalPlace", goal_place, goal_place_fields);

/* The goals of a page that are not kept, with nothing but their ids, and which places they have. */
struct missing_goals {
    struct goal *goals;
    size_t *places, count;
};

static struct missing_goals find_missing(struct op *op, const struct list *page, struct str *packed)
{
    const struct goal_place *places = page->items;
    struct missing_goals missing = {arena_array(op->arena, page->count, sizeof *missing.goals),
                                    arena_array(op->arena, page->count, sizeof *missing.places), 0};
    struct cached_goal kept;

    for (size_t i = 0; i < page->count; i++) {
        if (find_kept(op, places[i].id, &kept)) {
            packed[i] = kept.data;
        } else {
            struct goal *goal = &missing.goals[missing.count];
            model_clear(AS(goal, goal));
            goal->id = places[i].id;
            missing.places[missing.count++] = i;
        }
    }
    return missing;
}

/* Rows in any order; those that are not there have been deleted since the page was read. */
static void take_rows(struct missing_goals *missing, const struct list *rows, bool *found)
{
    const struct goal *row = rows->items;

    for (size_t i = 0; i < missing->count; i++) {
        struct goal *goal = &missing->goals[i];
        for (size_t j = 0; j < rows->count && !found[i]; j++) {
            if (!uuid_equal(row[j].id, goal->id))
                continue;
            struct list strategies = goal->strategies;
            *goal = row[j];
            goal->strategies = strategies;
            found[i] = true;
        }
    }
}

/* They, their strategies and KPIs in one round trip. */
static bool read_missing(struct op *op, const struct keeping *keeping,
                         struct missing_goals *missing, size_t size, struct str *packed)
{
    struct uuids ids = ids_of(op->arena, missing->goals, missing->count, sizeof(struct goal));
    bool *found = arena_array(op->arena, missing->count, sizeof *found);
    struct list rows = {NULL, 0};
    struct goal_kpis kpis;
    bool fit;

    goal_kpis_ask(op, &kpis, ids);
    sql_queue_rows(op, GOALS_OF_PAGE, AS(goal_refs, &(struct goal_refs){.goal_ids = ids}),
                   &goal_model, &rows);
    if (!goals_fill_strategies(op, missing->goals, missing->count, 0, &fit))
        return false;
    take_rows(missing, &rows, found);
    bool whole = goals_complete(op, &kpis, missing->goals, missing->count);
    if (!fit || op_call_too_large(&kpis.call))
        return op_page_too_large(op, size / 2);
    for (size_t i = 0; i < missing->count; i++) {
        fiber_yield_in_time();
        if (found[i])
            packed[missing->places[i]] = pack_goal(op, keeping, whole, &missing->goals[i]);
    }
    return true;
}

static size_t without_deleted(struct str *packed, size_t count)
{
    size_t left = 0;

    for (size_t i = 0; i < count; i++)
        if (packed[i].data)
            packed[left++] = packed[i];
    return left;
}

/* GET /goals: which goals the page has and their total in one round trip, those of them that are
 * not kept in a second. */
void goals_get(struct op *op)
{
    struct goal_query query;
    struct keeping keeping = keeping_begin(op);
    int64_t total;

    if (!op_list_query(op, AS(goal_query, &query)) ||
        !op_paging(op, &query.paging, &query.sort_field, &query.descending))
        return;
    bool plain = op_newest_page(&query.paging) && !is_filtered(&query);
    struct page_read page = {.read = {.counted = plain ? GOALS_NEWEST : GOALS_PAGE,
                                      .input = AS(goal_query, &query),
                                      .model = &goal_place_model},
                             .paging = &query.paging,
                             .count = plain ? GOALS_COUNT : NULL};
    if (!page_read(op, &page, &total))
        return;
    struct list places = page.read.rows;
    struct goal_place *items = places.items;
    struct goal_place *last = places.count > 0 ? &items[places.count - 1] : NULL;
    struct str *packed = arena_array(op->arena, places.count, sizeof *packed);
    struct missing_goals missing = find_missing(op, &places, packed);
    if (missing.count == 0 || read_missing(op, &keeping, &missing, places.count, packed))
        op_reply_packed_list(op, packed, without_deleted(packed, places.count), &query.paging,
                             total, AS(goal_place, last));
}
