/* Retention: deletes entries that are older than TRACTION_STREAM_KEEP_DAYS or beyond the last
 * TRACTION_STREAM_KEEP_EVENTS. A client that requests them later gets a reset. */
#include "config.h"
#include "log.h"
#include "lookup.h"
#include "queries.h"
#include "realtime.h"

enum { RETENTION_DEADLINE_US = 30000000 };

struct retention {
    struct timestamp before;
    int64_t max;
};
static const struct field retention_fields[] = {COLUMN(retention, before), COLUMN(retention, max)};
static const struct model retention_model = MODEL("Trim", retention, retention_fields);

enum step { STEP_RETENTION, STEP_SWEEP };

/* How many streams were shortened, or entries removed; 0 also when it failed. */
static int64_t take(struct process *process, struct arena *arena, enum step step)
{
    struct session_context nobody = {.tenant = STR(""), .now = timestamp_now()};
    struct retention retention = {
        timestamp_add_days(nobody.now, -(int)config_int(CONFIG_STREAM_KEEP_DAYS)),
        config_int(CONFIG_STREAM_KEEP_EVENTS)};
    struct row_count gone = {0};
    bool found = false;
    struct session *session = session_begin(service_database(process), arena, true, &nobody,
                                            monotonic_us() + RETENTION_DEADLINE_US);

    if (step == STEP_RETENTION) {
        session_queue(session, STREAM_ADVISORY_LOCK_SHARED, NOTHING);
        session_queue_row(session, STREAMS_MARK_EXPIRED, AS(retention, &retention),
                          AS(row_count, &gone), &found);
    } else {
        session_queue_row(session, STREAMS_DELETE_EXPIRED, NOTHING, AS(row_count, &gone), &found);
    }
    bool good = session_commit(session) == DB_OK;
    session_end(&session);
    return good ? gone.count : 0;
}

void streams_lose(struct session *session)
{
    session_queue(session, STREAMS_LOSE, NOTHING);
}

void stream_retention(struct process *process)
{
    struct arena *arena = arena_new();

    if (take(process, arena, STEP_RETENTION) > 0)
        log_info("deleted old entries of streams",
                 LOG_INT("entries", take(process, arena, STEP_SWEEP)));
    arena_destroy(&arena);
}
