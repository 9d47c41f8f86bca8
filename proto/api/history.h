/* Who changed what: the history of one thing, and the audit log of a tenant. */
#ifndef TRACTION_HISTORY_H
#define TRACTION_HISTORY_H

#include "model.h"
#include "paging.h"
#include "row_limits.h"

/* One change; GET /goals/{id}/history and the like, GET /audit */
struct history_entry {
    struct uuid id; /* of the event that told of it: UUIDv7, so entries sort by it */
    struct timestamp at;
    struct str user_id;
    struct str user_name; /* as now; absent until known */
    struct str request_id;
    struct str type;        /* "goal.updated" */
    struct str entity_type; /* as events call it */
    struct str entity_id;   /* a UUID, or the id of a person */
    struct str title;       /* as it was then */
    int64_t version;        /* afterwards */
    struct uuid caused_by;  /* it was changed from its other end, by a change of this */
    struct packed changes;  /* {field: [before, after]}; absent: not told */
    struct packed data;     /* what is told instead where there are no changes */
    LISTED_MEMBERS
};
extern const struct model history_entry_model;

enum audit_format { AUDIT_JSON = 1, AUDIT_CSV };

/* The query of both; the history of one thing has nothing but .paging from its caller. */
struct history_query {
    struct paging paging;
    struct str entity_id;
    struct texts types;        /* of events, or beginnings of them: "goal.*"; for SQL: types */
    struct texts entity_types; /* as events call them */
    struct str user_id;
    struct timestamp since, until;
    enum audit_format format;
    struct row_limits limits;
};
extern const struct model history_query_model, audit_query_model;

#endif
