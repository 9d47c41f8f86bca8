/* Who holds leases, in the database. */
#include "lease_table.h"

#include "runtime_queries.h"
#include "timestamp.h"

enum { ASK_MS = 2000 };

static const struct field lease_row_fields[] = {
    COLUMN(lease_row, holder),
    COLUMN(lease_row, revoked),
};
const struct model lease_row_model = MODEL("LeaseRow", lease_row, lease_row_fields);

struct lease_rows {
    struct uuids holders;
};
static const struct field lease_rows_fields[] = {COLUMN(lease_rows, holders)};
const struct model lease_rows_model = MODEL("LeaseRows", lease_rows, lease_rows_fields);

static struct session *begin(struct process *process, struct arena *arena, bool writes)
{
    struct session_context nobody = {.tenant = STR(""), .now = timestamp_now()};

    return session_begin(process->database, arena, writes, &nobody,
                         monotonic_us() + ASK_MS * INT64_C(1000));
}

static bool waited(struct session *session)
{
    bool good = session_wait(session) == DB_OK;

    session_end(&session);
    return good;
}

static bool run(struct process *process, struct arena *arena, struct statement *statement,
                struct bound input)
{
    struct session *session = begin(process, arena, true);

    session_queue(session, statement, input);
    bool good = session_commit(session) == DB_OK;
    session_end(&session);
    return good;
}

bool lease_table_read(struct process *process, struct arena *arena, struct list *rows)
{
    struct session *session = begin(process, arena, false);

    session_queue_rows(session, LEASE_HOLDERS, NOTHING, &lease_row_model, rows);
    return waited(session);
}

bool lease_table_add(struct process *process, struct arena *arena, struct uuid holder)
{
    return run(process, arena, LEASE_HOLDER_ADD,
               AS(lease_row, &(struct lease_row){.holder = holder}));
}

bool lease_table_revoke(struct process *process, struct arena *arena, struct uuids holders)
{
    return run(process, arena, LEASE_HOLDERS_REVOKE, AS(lease_rows, &(struct lease_rows){holders}));
}

bool lease_table_delete(struct process *process, struct arena *arena, struct uuids holders)
{
    return run(process, arena, LEASE_HOLDERS_DELETE, AS(lease_rows, &(struct lease_rows){holders}));
}

bool lease_table_renew(struct process *process, struct arena *arena, struct uuid holder,
                       struct lease_state *state)
{
    struct session *session = begin(process, arena, false);
    bool found;

    session_queue_row(session, LEASE_RENEW, AS(lease_row, &(struct lease_row){.holder = holder}),
                      AS(lease_state, state), &found);
    return waited(session) && found;
}
