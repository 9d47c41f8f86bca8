/* The limit of a tenant's reports in a calendar month. A report takes long, so it is counted when
 * it begins and removed when it fails; one whose process died counts for three minutes. */
#include "lookup.h"
#include "queries.h"
#include "report_parts.h"
#include "service.h"

enum { DEADLINE_US = 10000000 };

static struct session *begin(struct op *op)
{
    struct session_context *context = arena_alloc(op->arena, sizeof *context);

    *context = (struct session_context){op->request->tenant, op->request->user, op->now};
    return session_begin(service_database(op->process), op->arena, true, context,
                         monotonic_us() + DEADLINE_US);
}

static bool ended(struct op *op, struct session *session, enum db_fault_kind kind)
{
    session_end(&session);
    if (kind == DB_OK)
        return true;
    return op_fail(op, kind == DB_BUG ? STATUS_INTERNAL_ERROR : STATUS_SERVICE_UNAVAILABLE);
}

bool report_may_begin(struct op *op)
{
    int64_t limit = op->request->limits[LIMIT_REPORTS];
    struct row_count made = {0};
    bool found;

    if (limit < 0)
        return true;
    return sql_find(op, REPORTS_COUNT, NOTHING, AS(row_count, &made), &found) &&
           (made.count < limit || op_fail(op, STATUS_REPORT_LIMIT_REACHED));
}

bool report_begin(struct op *op, struct uuid report)
{
    int64_t limit = op->request->limits[LIMIT_REPORTS];
    struct row_id row = {report};
    struct row_count made = {0};
    struct session *session = begin(op);
    enum db_fault_kind kind = DB_OK;
    bool found;

    if (limit >= 0) {
        /* The lock is a statement of its own: the count must see what it waited for. */
        session_queue(session, REPORTS_ADVISORY_LOCK, NOTHING);
        session_queue_row(session, REPORTS_COUNT, NOTHING, AS(row_count, &made), &found);
        kind = session_wait(session);
    }
    if (kind == DB_OK && limit >= 0 && made.count >= limit) {
        session_end(&session);
        return op_fail(op, STATUS_REPORT_LIMIT_REACHED);
    }
    session_queue(session, REPORTS_DELETE_OLD, NOTHING);
    session_queue(session, REPORT_ADD, AS(row_id, &row));
    return ended(op, session, session_commit(session));
}

static enum db_fault_kind settle(struct session *session, struct statement *statement,
                                 struct uuid report)
{
    struct row_id row = {report};

    session_queue(session, statement, AS(row_id, &row));
    return session_commit(session);
}

bool report_made(struct op *op, struct uuid report)
{
    struct session *session = begin(op);

    return ended(op, session, settle(session, REPORT_MADE, report));
}

void report_not_made(struct op *op, struct uuid report)
{
    struct session *session = begin(op);

    settle(session, REPORT_DELETE, report);
    session_end(&session);
}
