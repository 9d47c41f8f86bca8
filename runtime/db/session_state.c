/* What a session runs for, and its faults. */
#include "session_state.h"

static const struct field context_fields[] = {
    FIELD(session_context, tenant, "tenant", .doc = "tenant of the caller"),
    FIELD(session_context, user_id, "userId", .doc = "id of the caller"),
    FIELD(session_context, now, "now", .doc = "the request's instant"),
};
const struct model session_context_model = MODEL("SessionContext", session_context, context_fields);

void session_fail(struct session *session, enum db_fault_kind kind, const char *sqlstate,
                  const char *constraint)
{
    if (session->fault.kind != DB_OK)
        return;
    session->database->counts.faults++;
    session->fault = (struct db_fault){
        .kind = kind,
        .sqlstate = arena_copy(session->arena, str_of(sqlstate)).data,
        .constraint = arena_copy(session->arena, str_of(constraint)).data,
    };
}

bool session_takes_long(const struct session *session)
{
    const struct db_query *query = session->queued;

    while (query && !query->statement->long_read)
        query = query->next;
    return query != NULL;
}
