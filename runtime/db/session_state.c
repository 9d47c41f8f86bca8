/* Faults of a session. */
#include "session_state.h"

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
