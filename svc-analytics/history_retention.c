/* Retention: deletes entries of the history that are older than TRACTION_HISTORY_KEEP_DAYS. */
#include "analytics_handlers.h"
#include "config.h"
#include "fiber.h"
#include "log.h"
#include "lookup.h"
#include "queries.h"

enum { PRUNE_MAX = 2000, PRUNE_PAUSE_MS = 20, PRUNE_TIMEOUT_US = 10000000 };

struct history_retention {
    struct timestamp before;
    int64_t max;
};
static const struct field history_retention_fields[] = {
    COLUMN(history_retention, before),
    COLUMN(history_retention, max),
};
static const struct model history_retention_model =
    MODEL("HistoryRetention", history_retention, history_retention_fields);

/* How many entries one transaction has deleted; 0 also when it failed. */
static int64_t prune(struct process *process, struct arena *arena)
{
    struct session_context nobody = {.tenant = STR(""), .now = timestamp_now()};
    struct history_retention retention = {
        timestamp_add_days(nobody.now, -(int)config_int(CONFIG_HISTORY_KEEP_DAYS)), PRUNE_MAX};
    struct row_count gone = {0};
    bool found = false;
    struct session *session = session_begin(service_database(process), arena, true, &nobody,
                                            monotonic_us() + PRUNE_TIMEOUT_US);

    session_queue_row(session, HISTORY_PRUNE, AS(history_retention, &retention),
                      AS(row_count, &gone), &found);
    bool good = session_commit(session) == DB_OK;
    session_end(&session);
    return good ? gone.count : 0;
}

/* In small transactions, each after a pause. */
void history_keep(struct process *process)
{
    struct arena *arena = arena_new();
    int64_t total = 0, count = PRUNE_MAX;

    while (count == PRUNE_MAX && !service_stopping(process)) {
        arena_reset(arena);
        count = prune(process, arena);
        total += count;
        fiber_sleep(count == PRUNE_MAX ? PRUNE_PAUSE_MS : 0);
    }
    if (total > 0)
        log_info("deleted old entries of the history", LOG_INT("entries", total));
    arena_destroy(&arena);
}
