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

void session_changed(struct session *session, struct str changed)
{
    struct texts *texts = &session->changed;

    /* Rows of one entity follow one another. */
    if (texts->count > 0 && str_equal(texts->items[texts->count - 1], changed))
        return;
    if (texts->count == session->changed_room) {
        size_t room = session->changed_room > 0 ? 2 * session->changed_room : 8;
        struct str *items = arena_array(session->arena, room, sizeof *items);
        for (size_t i = 0; i < texts->count; i++)
            items[i] = texts->items[i];
        texts->items = items;
        session->changed_room = room;
    }
    texts->items[texts->count++] = arena_copy(session->arena, changed);
}

void session_invalidate(struct session *session, struct str id)
{
    session_changed(session, arena_printf(session->arena, STR_FMT "\n" STR_FMT,
                                          STR_ARG(session->context.tenant), STR_ARG(id)));
}

bool session_takes_long(const struct session *session)
{
    const struct db_query *query = session->queued;

    while (query && !query->statement->long_read)
        query = query->next;
    return query != NULL;
}
