/* Caching figures, and deciding whether the cached ones can be used. */
#include "figures.h"

#include <stdlib.h>
#include <string.h>

#include "fiber.h"
#include "queries.h"
#include "service.h"

enum {
    FRESH_US = 500000,     /* what figures of that age lack is younger */
    COMPUTE_US = 10000000, /* the time that computing may take */
    LOOK_MS = 2,           /* between looks whether another fiber is done */
    HOUR_S = 3600,         /* figures are computed anew every hour */
};

static const struct field figures_fields[] = {
    OBJECT(figures, stats, "stats", &goal_stats_model, .flags = FIELD_REQUIRED),
    OBJECT(figures, score, "score", &performance_score_model, .flags = FIELD_REQUIRED),
    OBJECT(figures, alignment, "alignment", &team_alignment_model, .flags = FIELD_REQUIRED),
    FIELD(figures, goals_empty, "goalsEmpty"),
    FIELD(figures, strategies_empty, "strategiesEmpty"),
    FIELD(figures, kpis_empty, "kpisEmpty"),
    FIELD(figures, actions_empty, "actionsEmpty"),
};
static const struct model figures_model = MODEL("Figures", figures, figures_fields);

struct figures_row {
    struct packed data;
    struct timestamp computed_at, changed_at;
    struct uuids stamps;
    bool is_current;
    double score, alignment;
};
static const struct field figures_row_fields[] = {
    COLUMN(figures_row, data),       COLUMN(figures_row, computed_at),
    COLUMN(figures_row, changed_at), COLUMN(figures_row, stamps),
    COLUMN(figures_row, is_current), COLUMN(figures_row, score),
    COLUMN(figures_row, alignment),
};
const struct model figures_row_model = MODEL("FiguresRow", figures_row, figures_row_fields);

/* --- One computation of a tenant at a time, in this process --- */

struct computing {
    struct str tenant;
    struct computing *next;
};
static struct computing *all_computing;

static bool is_computing(struct str tenant)
{
    for (const struct computing *c = all_computing; c; c = c->next)
        if (str_equal(c->tenant, tenant))
            return true;
    return false;
}

static void computing_end(struct computing *mine)
{
    struct computing **link = &all_computing;

    while (*link != mine)
        link = &(*link)->next;
    *link = mine->next;
}

/* --- Computing --- */

static enum db_fault_kind keep(struct process *process, struct arena *arena,
                               const struct session_context *context,
                               const struct gathered *gathered, const struct figures *figures)
{
    struct buffer data = buffer_in(arena, 1024);
    struct session *session =
        session_begin(service_database(process), arena, true, context, monotonic_us() + COMPUTE_US);

    model_pack(AS(figures, (struct figures *)(uintptr_t)figures), &data);
    struct figures_row row = {
        .data = {buffer_str(&data)},
        .computed_at = context->now,
        .changed_at = gathered->changed_at,
        .stamps = gathered->stamps,
        .score = figures->score.overall_score,
        .alignment = figures->alignment.alignment_score,
    };
    session_queue(session, FIGURES_PUT, AS(figures_row, &row));
    session_queue(session, SCORE_PUT, AS(figures_row, &row));
    enum db_fault_kind kind = session_commit(session);
    session_end(&session);
    return kind;
}

static enum db_fault_kind compute(struct process *process, struct arena *arena,
                                  const struct session_context *context, struct figures *figures)
{
    struct gathered gathered;
    struct session *session = session_begin(service_database(process), arena, false, context,
                                            monotonic_us() + COMPUTE_US);
    enum db_fault_kind kind = figures_gather(session, context->now, &gathered);

    session_end(&session);
    if (kind != DB_OK)
        return kind;
    figures_work_out(arena, &gathered, context->now, figures);
    /* Nothing is stored for a tenant without events. */
    return gathered.stamps.count > 0 ? keep(process, arena, context, &gathered, figures) : DB_OK;
}

enum db_fault_kind figures_compute(struct process *process, struct arena *arena, struct str tenant,
                                   struct figures *figures)
{
    struct session_context context = {tenant, STR(""), timestamp_now()};
    struct computing mine = {tenant, all_computing};

    all_computing = &mine;
    enum db_fault_kind kind = compute(process, arena, &context, figures);
    computing_end(&mine);
    return kind;
}

/* --- What is kept --- */

static int64_t hour_of(struct timestamp moment)
{
    return moment.us / (HOUR_S * INT64_C(1000000));
}

/* Figures that depend on the time (overdue, trends) are computed at least once an hour. */
static bool will_do(const struct figures_row *row, struct timestamp now)
{
    if (!row->data.bytes.data || hour_of(row->computed_at) != hour_of(now))
        return false;
    int64_t age_us = now.us - row->computed_at.us;
    return row->is_current || (age_us >= 0 && age_us < FRESH_US);
}

static bool read_row(struct op *op, struct figures *figures, bool *good)
{
    struct figures_row row;
    struct field_errors errors;
    struct value value;
    bool found;

    model_clear(AS(figures_row, &row));
    *good = false;
    if (!sql_find(op, FIGURES_READ, NOTHING, AS(figures_row, &row), &found))
        return false;
    if (!will_do(&row, timestamp_now()) || !unpack(op->arena, row.data.bytes, &value))
        return true;
    field_errors_init(&errors, op->arena);
    model_clear(AS(figures, figures));
    *good = model_decode(AS(figures, figures), &value, DECODE_CREATE, &errors, NULL);
    return true;
}

static bool fail(struct op *op, enum db_fault_kind kind)
{
    if (kind == DB_UNAVAILABLE)
        return op_fail(op, STATUS_SERVICE_UNAVAILABLE);
    return op_fail(op, kind == DB_TIMEOUT || kind == DB_LOST ? STATUS_UPSTREAM_TIMEOUT
                                                             : STATUS_INTERNAL_ERROR);
}

bool figures_stats_of(struct op *op, struct goal_stats_query *query, struct goal_stats *stats)
{
    struct session_context context = {op->request->tenant, STR(""), op->now};
    struct gathered gathered;
    struct session *session = session_begin(service_database(op->process), op->arena, false,
                                            &context, monotonic_us() + COMPUTE_US);
    enum db_fault_kind kind = figures_gather_some(session, query, &gathered);

    session_end(&session);
    if (kind != DB_OK)
        return fail(op, kind);
    figures_work_out_stats(op->arena, &gathered, op->now, stats);
    return true;
}

bool figures_load(struct op *op, struct figures *figures)
{
    bool good;

    if (!read_row(op, figures, &good))
        return false;
    if (!good && is_computing(op->request->tenant)) {
        while (is_computing(op->request->tenant))
            fiber_sleep(LOOK_MS);
        if (!read_row(op, figures, &good))
            return false;
    }
    if (good)
        return true;
    enum db_fault_kind kind = figures_compute(op->process, op->arena, op->request->tenant, figures);
    return kind == DB_OK || fail(op, kind);
}
