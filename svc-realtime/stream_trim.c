/* Forgets entries that are older than TRACTION_STREAM_KEEP_DAYS or further back than
 * TRACTION_STREAM_KEEP_EVENTS. Whoever asks for them later is told to begin anew. */
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
static const struct field trim_fields[] = {FIELD(trim, before, "before"),
                                           FIELD(trim, most, "most")};
static const struct model trim_model = MODEL("Trim", trim, trim_fields);

void stream_trim(struct process *process)
{
    struct arena *arena = arena_new();
    struct session_context nobody = {.tenant = STR(""), .now = timestamp_now()};
    struct trim trim = {timestamp_add_days(nobody.now, -(int)config_int(CONFIG_STREAM_KEEP_DAYS)),
                        config_int(CONFIG_STREAM_KEEP_EVENTS)};
    struct row_count gone = {0};
    bool found = false;
    struct session *session = session_begin(service_database(process), arena, true, &nobody,
                                            monotonic_us() + TRIM_DEADLINE_US);

    session_ask_row(session, STREAMS_TRIM, AS(trim, &trim), AS(row_count, &gone), &found);
    if (session_commit(session) == DB_OK && gone.count > 0)
        log_info("forgot old entries of streams", LOG_INT("entries", gone.count));
    session_end(&session);
    arena_destroy(&arena);
}
