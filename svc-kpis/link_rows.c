/* Finding a link, and what is said of it. The goal belongs to svc-goals, which is called before
 * anything is written; whether it was deleted meanwhile is read from the table of deleted goals,
 * under the goal's lock. */
#include "link_rows.h"

#include "kpi_handlers.h"
#include "kpi_progress.h"
#include "lookup.h"
#include "queries.h"

static const struct field link_fields[] = {
    COLUMN(link, id),
    COLUMN(link, goal_id),
    COLUMN(link, kpi_id),
    COLUMN(link, strategy_id),
    COLUMN(link, threshold),
    COLUMN(link, risk_threshold),
    COLUMN(link, baseline_value),
    COLUMN(link, target_value),
    COLUMN(link, is_primary),
    COLUMN(link, threshold_named),
    COLUMN(link, risk_named),
    COLUMN(link, baseline_named),
    COLUMN(link, target_named),
    COLUMN(link, strategy_named),
};
const struct model link_model = MODEL("Link", link, link_fields);

/* With this goal's own values, because the effective ones change with the KPI and its readings. */
struct str link_told(struct op *op, struct goal_kpi *link)
{
    struct buffer data = buffer_in(op->arena, 1024);

    model_pack_open(AS(goal_kpi, link), 2, &data);
    pack_key(&data, "ownBaselineValue");
    pack_double(&data, link->own_baseline_value);
    pack_key(&data, "ownTargetValue");
    pack_double(&data, link->own_target_value);
    return buffer_str(&data);
}

void link_publish(struct op *op, const char *type, struct goal_kpi *link)
{
    op_event_packed(op, type, link->id, link->version, link_told(op, link));
}

bool link_goal_unasked(struct op *op)
{
    return op_fail_because(op, STATUS_SERVICE_UNAVAILABLE,
                           "Whether the goal exists cannot be found out at the moment");
}

bool link_path(struct op *op, struct link *key)
{
    model_clear(AS(link, key));
    if (!path_goal(op, &key->goal_id))
        return false;
    uuid_parse(op_path_text(op, "kpiId"), &key->kpi_id);
    return true;
}

/* What the statements of one round trip have found. */
struct finding {
    struct row_id row;
    bool deleted, known, found;
};

static bool look(struct op *op, struct link *key, struct finding *finding, struct goal_kpi *link)
{
    *finding = (struct finding){.found = false};
    model_clear(AS(goal_kpi, link));
    sql_queue_row(op, GOAL_DELETED, AS(link, key), AS(row_id, &finding->row), &finding->deleted);
    sql_queue_row(op, KPI_OR_LINK_EXISTS, AS(link, key), AS(row_id, &finding->row),
                  &finding->known);
    sql_queue_row(op, LINK_OF_GOAL, AS(link, key), AS(goal_kpi, link), &finding->found);
    return sql_wait(op);
}

static bool judge(struct op *op, const struct finding *finding, enum goal_answer there,
                  struct goal_kpi *link)
{
    if (finding->deleted || there == GOAL_UNKNOWN)
        return op_fail(op, STATUS_GOAL_NOT_FOUND);
    if (finding->found)
        goal_kpi_complete(link);
    else if (there == GOAL_UNASKED)
        return link_goal_unasked(op);
    return finding->found ||
           op_fail(op, finding->known ? STATUS_KPI_LINK_NOT_FOUND : STATUS_KPI_NOT_FOUND);
}

bool link_find(struct op *op, struct link *key, struct op_call *goal, struct goal_kpi *link)
{
    struct finding finding;

    return look(op, key, &finding, link) && judge(op, &finding, goal_wait(op, goal), link);
}

bool link_lock(struct op *op, struct link *key, enum goal_answer there, struct goal_kpi *link)
{
    struct finding finding;

    sql_exec(op, GOAL_LINKS_ADVISORY_LOCK, AS(link, key));
    return look(op, key, &finding, link) && judge(op, &finding, there, link);
}
