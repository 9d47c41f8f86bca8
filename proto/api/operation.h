/* Every operation of the product in one table: its method and path, the service that carries it
 * out, its input and output. The gateway routes by it, services dispatch by it, and the OpenAPI
 * document is generated from it, so the three cannot disagree. */
#ifndef TRACTION_OPERATION_H
#define TRACTION_OPERATION_H

#include <stdbool.h>
#include <stddef.h>

#include "model.h"
#include "services.h"
#include "status.h"
#include "str.h"

enum http_method {
    METHOD_NONE,
    METHOD_GET,
    METHOD_POST,
    METHOD_PUT,
    METHOD_PATCH,
    METHOD_DELETE,
    METHOD_COUNT
};
extern const char *const method_names[METHOD_COUNT]; /* "GET", ...; "" for METHOD_NONE */

/* Parts of the product that a subscription may not include (the token's features claim). */
enum module {
    MODULE_NONE,
    MODULE_GOALS,
    MODULE_KPIS,
    MODULE_OPERATIONS,
    MODULE_REPORTS,
    MODULE_REALTIME,
    MODULE_COUNT
};
extern const char *const module_names[MODULE_COUNT];

enum reply_shape {
    REPLY_ONE,     /* 200 data = the reply model */
    REPLY_CREATED, /* 201 likewise; Location */
    REPLY_LIST,    /* 200 data = array, with pagination */
    REPLY_WHOLE,   /* 200 data = array, without pagination */
    REPLY_DELETED, /* 200 data = {id, deletedAt} */
    REPLY_MAP,     /* 200 data = map from asked id to array of the reply model */
    REPLY_FILE,    /* a download */
    REPLY_STREAM,  /* text/event-stream */
    REPLY_FLAT,   /* 200 the reply model's fields beside "success", without data (op_reply_extra) */
    REPLY_STATIC, /* what stays the same while the gateway runs, without the envelope */
    REPLY_BOOLEAN, /* 200 data = true or false */
    REPLY_CUSTOM,  /* 200 data = the reply model, or without one said by hand */
};

enum operation_flags {
    OPERATION_WRITES = 1,         /* viewers are refused; the service runs it in one transaction */
    OPERATION_PUBLIC = 2,         /* no token needed */
    OPERATION_NO_CALLS = 4,       /* never calls another service, so it may be called by one */
    OPERATION_INTERNAL = 8,       /* bus only: no route, not in the documentation */
    OPERATION_PATCH = 16,         /* the body is a partial update */
    OPERATION_BODY_OPTIONAL = 32, /* an empty body counts as {} */
    OPERATION_REPLACES = 64,      /* of REPLY_CREATED: 200 when what was there was changed */
    OPERATION_CURSOR = 128,       /* answers X-Last-Event-Id: where a stream can go on from */
    OPERATION_DEGRADES = 256,     /* answers without another service's part: X-Degraded */
    OPERATION_REPEATABLE = 512,   /* writes, but repeating it changes nothing: no command id */
    OPERATION_LOCKS_ROW = 1024,   /* locks what the first parameter of its path names: one after the
                                     other in a process */
    OPERATION_LOCKS_TENANT = 2048, /* locks what there is once of a tenant in that service (a
                                      configuration): likewise */
    OPERATION_MANAGES = 8192,      /* only for the roles admin and owner */
    OPERATION_PAGES = 4096,  /* of REPLY_WHOLE: with pagination when the query asks for a page */
    OPERATION_PLANS = 16384, /* is about the plan of the KPI of its path: also at the addresses of
                                planning and of links (address.h) */
    OPERATION_MANY = 32768,  /* of REPLY_CREATED: creates several things, so the answer has neither
                                  version nor Location */
    OPERATION_SHARES_ROW =
        131072,            /* as OPERATION_LOCKS_ROW, but beside others that only share it */
    OPERATION_CSV = 65536, /* of REPLY_LIST: with format=csv the answer is a file */
};

/* The callers of an internal operation, as a set. Other keys of the bus are refused. */
#define CALLED_BY(service) (1u << (service))
enum {
    CALLED_BY_SUBSCRIBERS = 1 << 8
}; /* the services that hear the events of the one that is asked */

struct operation {
    const char *name; /* operationId: "activateGoal" */
    enum http_method method;
    const char *path; /* "/goals/{id}:activate"; {names} are the keys of path_values */
    enum service service;
    enum module module;
    unsigned flags;
    unsigned callers; /* CALLED_BY each, of an internal operation */
    enum reply_shape shape;
    const struct model *query; /* NULL: no parameter is allowed */
    const struct model *body;  /* NULL: any body is ignored */
    const struct model *reply; /* NULL with REPLY_DELETED, FILE, STREAM, CUSTOM */
    const char *read_again; /* of a write: the read with the same path parameters that answers the
                               same; it is run for a repetition whose first answer was too large to
                               be kept. NULL: every answer is kept */
    int64_t timeout_ms;     /* instead of TRACTION_REQUEST_TIMEOUT_MS, where that is less; 0: no */
    enum status not_found;  /* what an unknown path id answers; STATUS_OK when it cannot happen */
    const char *tag;        /* chapter in the documentation: "Goals" */
    const char *summary;    /* one sentence */
    const char *faults;     /* further codes it may answer, separated by spaces */
};

extern const struct operation *const operations; /* all of them, in documentation order */
extern const size_t operation_count;

/* Whether each row says what a row can mean, with its field tables; otherwise `why` names the first
 * that does not. */
bool operations_validate(const struct operation *table, size_t count, char *why, size_t size);

/* The first parameter of the path: "goalId"; absent when it has none. */
struct str operation_row_name(const struct operation *operation);

/* Whether a body is read: of POST, PUT and PATCH any, of others one that is described. */
bool operation_has_body(const struct operation *operation);

/* Whether If-Match is checked: for PUT, PATCH and DELETE of a versioned resource. */
bool operation_takes_version(const struct operation *operation);

/* NULL when there is none of that name. */
const struct operation *operation_find(struct str name);

#endif
