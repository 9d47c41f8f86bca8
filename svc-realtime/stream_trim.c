/* Retention: deletes entries that are older than TRACTION_STREAM_KEEP_DAYS or beyond the last
 * TRACTION_STREAM_KEEP_EVENTS. A client that requests them later gets a reset. */
#include "config.h"
#include "log.h"
#include "lookup.h"
#include "queries.h"
#include "realtime.h"

enum { TRIM_DEADLINE_US = 30000000 };

struct trim {
    struct timestamp before;
    int64_t most;
};
static const struct field trim_fields[] = {COLUMN(trim, before), COLUMN(trim, most)};
static const struct model trim_model = MODEL("Trim", trim, trim_fields);

enum step { STEP_TRIM, STEP_SWEEP };

/* How many streams were shortened, or entries removed; 0 also when it failed. */
static int64_t take(struct process *process, struct arena *arena, enum step step)
{
    struct session_context nobody = {.tenant = STR(""), .now = timestamp_now()};
    struct trim trim = {timestamp_add_days(nobody.now, -(int)config_int(CONFIG_STREAM_KEEP_DAYS)),
                        config_int(CONFIG_STREAM_KEEP_EVENTS)};
    struct row_count gone = {0};
    bool found = false;
    struct session *session = session_begin(service_database(process), arena, true, &nobody,
                                            monotonic_us() + TRIM_DEADLINE_US);

    if (step == STEP_TRIM) {
        session_ask(session, STREAM_LOCK, NOTHING);
        session_ask_row(session, STREAMS_TRIM, AS(trim, &trim), AS(row_count, &gone), &found);
    } else {
        session_ask_row(session, STREAMS_SWEEP, NOTHING, AS(row_count, &gone), &found);
    }
    bool good = session_commit(session) == DB_OK;
    session_end(&session);
    return good ? gone.count : 0;
}

void stream_trim(struct process *process)
{
    struct arena *arena = arena_new();

    if (take(process, arena, STEP_TRIM) > 0)
        log_info("deleted old entries of streams",
                 LOG_INT("entries", take(process, arena, STEP_SWEEP)));
    arena_destroy(&arena);
}
