/* Internal operations for other services. They must not call a service, because the caller may be
 * serving a call of ours. */
#include "bounded_rows.h"
#include "goals.h"
#include "kpi_handlers.h"
#include "kpi_progress.h"
#include "kpis.h"
#include "queries.h"

/* The rows come grouped by goal. */
static struct list links_of(const struct list *rows, struct uuid goal)
{
    struct goal_kpi *links = rows->items;
    size_t from = 0, to;

    while (from < rows->count && !uuid_equal(links[from].goal_id, goal))
        from++;
    for (to = from; to < rows->count && uuid_equal(links[to].goal_id, goal); to++) {
        goal_kpi_complete(&links[to]);
        links[to].order_index = (int64_t)(to - from) + 1;
    }
    return (struct list){links + from, to - from};
}

static struct str packed_links(struct op *op, const struct list *links)
{
    struct buffer out = buffer_in(op->arena, 512 * (links->count + 1));
    struct goal_kpi *items = links->items;

    pack_array(&out, links->count);
    for (size_t i = 0; i < links->count; i++)
        model_pack(AS(goal_kpi, &items[i]), &out);
    return buffer_str(&out);
}

/* What LINKS_OF_GOALS counts. */
static int64_t link_bytes(const void *row)
{
    const struct goal_kpi *link = row;

    return (int64_t)(link->name.size + link->description.size);
}

static bool read_links(struct op *op, struct kpis_of_goals *of, struct list *links)
{
    struct bounded_rows read = {.brief = LINKS_OF_GOALS_BRIEF,
                                .counted = LINKS_OF_GOALS,
                                .input = AS(kpis_of_goals, of),
                                .limits = &of->limits,
                                .model = &goal_kpi_model,
                                .bytes = link_bytes};
    bool fit;

    bounded_rows_queue(op, &read);
    if (!sql_wait(op) || !bounded_rows_complete(op, &read, &fit))
        return false;
    *links = read.rows;
    return fit || op_too_large(op, "goalIds");
}

/* The links of a page of goals with one statement. As packed bytes, which the caller passes on
 * unread. */
void kpis_of_goals(struct op *op)
{
    struct kpis_of_goals body;
    struct list rows;

    if (!op_body(op, AS(kpis_of_goals, &body)) || !read_links(op, &body, &rows))
        return;
    struct buffer kpis = buffer_in(op->arena, 512 * (rows.count + 1));
    struct buffer progress = buffer_in(op->arena, 16 * (body.goal_ids.count + 1));
    pack_map(&kpis, 2);
    pack_key(&kpis, "kpis");
    pack_array(&kpis, body.goal_ids.count);
    pack_key(&progress, "progress");
    pack_array(&progress, body.goal_ids.count);
    for (size_t i = 0; i < body.goal_ids.count; i++) {
        struct list links = links_of(&rows, body.goal_ids.items[i]);
        pack_bytes(&kpis, packed_links(op, &links));
        pack_double(&progress, goal_kpis_progress(links.items, links.count));
    }
    buffer_append(&kpis, progress.data, progress.size);
    op_reply_packed(op, buffer_str(&kpis), -1);
}

/* Whether one of some goals has a KPI without a reading for a month. */
void readings_due(struct op *op)
{
    struct readings_due_query body;
    struct readings_due_answer answer;
    bool found;

    if (op_body(op, AS(readings_due_query, &body)) &&
        sql_find(op, READINGS_DUE, AS(readings_due_query, &body), AS(readings_due_answer, &answer),
                 &found))
        op_reply(op, AS(readings_due_answer, &answer), -1);
}
