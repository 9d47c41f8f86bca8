/* Stores scores also for tenants without requests: otherwise a trend would compare with the score
 * of the last request. */
#include "analytics_handlers.h"
#include "figures.h"
#include "log.h"
#include "lookup.h"
#include "queries.h"

enum { TENANTS_MAX = 200, DEADLINE_US = 10000000 };

struct tenants_query {
    int64_t max;
};
static const struct field tenants_query_fields[] = {COLUMN(tenants_query, max)};
static const struct model tenants_query_model =
    MODEL("TenantsQuery", tenants_query, tenants_query_fields);

struct tenant_row {
    struct str tenant_id;
};
static const struct field tenant_row_fields[] = {COLUMN(tenant_row, tenant_id)};
const struct model tenant_row_model = MODEL("TenantRow", tenant_row, tenant_row_fields);

static int64_t thinned_day; /* days are told apart by their first microsecond */

/* Once a day. */
static void thin(struct process *process, struct arena *arena, const struct session_context *nobody)
{
    int64_t today = timestamp_start_of_day(nobody->now).us;
    struct row_count gone = {0};
    bool found;

    if (today == thinned_day)
        return;
    struct session *session =
        session_begin(service_database(process), arena, true, nobody, monotonic_us() + DEADLINE_US);
    session_queue_row(session, SCORES_THIN, NOTHING, AS(row_count, &gone), &found);
    if (session_commit(session) == DB_OK)
        thinned_day = today;
    session_end(&session);
}

static struct list tenants_to_score(struct process *process, struct arena *arena,
                                    const struct session_context *nobody)
{
    struct tenants_query query = {TENANTS_MAX};
    struct list tenants = {NULL, 0};
    struct session *session = session_begin(service_database(process), arena, false, nobody,
                                            monotonic_us() + DEADLINE_US);

    session_queue_rows(session, TENANTS_TO_SCORE, AS(tenants_query, &query), &tenant_row_model,
                       &tenants);
    if (session_wait(session) != DB_OK)
        tenants.count = 0;
    session_end(&session);
    return tenants;
}

void scores_keep(struct process *process)
{
    struct arena *arena = arena_new(), *scratch = arena_new();
    struct session_context nobody = {.tenant = STR(""), .now = timestamp_now()};
    struct list tenants = tenants_to_score(process, arena, &nobody);
    const struct tenant_row *rows = tenants.items;
    struct figures figures;

    for (size_t i = 0; i < tenants.count && !service_stopping(process); i++) {
        arena_reset(scratch);
        if (figures_compute(process, scratch, rows[i].tenant_id, &figures) != DB_OK)
            break;
    }
    thin(process, arena, &nobody);
    arena_destroy(&arena);
    arena_destroy(&scratch);
}
