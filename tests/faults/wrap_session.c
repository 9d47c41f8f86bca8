/* The commit of a session that another wrapper has noted. */
#include <assert.h>

#include "db.h"
#include "faults.h"

enum { NOTED_MAX = 256 };

static struct {
    struct session *session; /* NULL: free */
    struct fault_commit commit;
} noted[NOTED_MAX];

enum db_fault_kind __real_session_commit(struct session *session);
enum db_fault_kind __wrap_session_commit(struct session *session);
void __real_session_end(struct session **session);
void __wrap_session_end(struct session **session);

static size_t find(const struct session *session)
{
    size_t at = 0;

    while (at < NOTED_MAX && noted[at].session != session)
        at++;
    return at;
}

void fault_on_commit(struct session *session, const struct fault_commit *commit)
{
    size_t at = find(session);

    if (at == NOTED_MAX)
        at = find(NULL);
    assert(at < NOTED_MAX);
    noted[at].session = session;
    noted[at].commit = *commit;
}

enum db_fault_kind __wrap_session_commit(struct session *session)
{
    size_t at = find(session);

    if (at == NOTED_MAX)
        return __real_session_commit(session);
    struct fault_commit commit = noted[at].commit;
    commit.before(session, commit.argument);
    return (enum db_fault_kind)commit.after(session, (int)__real_session_commit(session),
                                            commit.argument);
}

void __wrap_session_end(struct session **session)
{
    size_t at = find(*session);

    if (*session && at < NOTED_MAX)
        noted[at].session = NULL;
    __real_session_end(session);
}
