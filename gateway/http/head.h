/* The validated head of one HTTP request: what libmicrohttpd tolerates although RFC 9112 forbids it
 * is refused here, before routing. Independent of libmicrohttpd. */
#ifndef TRACTION_HEAD_H
#define TRACTION_HEAD_H

#include <stdbool.h>
#include <stdint.h>

#include "arena.h"
#include "str.h"

/* The header fields that anything here looks at. */
enum head_field {
    HEAD_ACCEPT,
    HEAD_ACCEPT_ENCODING,
    HEAD_AUTHORIZATION,
    HEAD_CONTENT_LENGTH,
    HEAD_CONTENT_TYPE,
    HEAD_EXPECT,
    HEAD_HOST,
    HEAD_IDEMPOTENCY_KEY,
    HEAD_IF_MATCH,
    HEAD_IF_NONE_MATCH,
    HEAD_LAST_EVENT_ID,
    HEAD_ORIGIN,
    HEAD_PREFLIGHT_METHOD, /* Access-Control-Request-Method */
    HEAD_TENANT,           /* X-Tenant-Id */
    HEAD_REQUEST_ID,       /* X-Request-Id */
    HEAD_TRACEPARENT,
    HEAD_TRANSFER_ENCODING,
    HEAD_FIELD_COUNT
};

struct head {
    struct str method;                   /* "GET" */
    struct str target;                   /* raw, as in the request line: "/goals?size=2" */
    struct str version;                  /* "HTTP/1.1" */
    struct str fields[HEAD_FIELD_COUNT]; /* absent when not sent; repeated lists are joined */
    int64_t length;                      /* Content-Length; -1 when there is none */
    bool chunked;
    const char
        *fault;     /* why the request must be refused and its connection closed; NULL when fine */
    int fault_http; /* 400, 414, 417 or 431 */
};

/* One field at a time in the order they came; text lives as long as the request. */
void head_add(struct head *head, struct arena *arena, struct str name, struct str value);
/* The request is refused with that status and sentence, unless something was wrong before. */
void head_refuse(struct head *head, int http, const char *why);
/* After the last field: what the fields mean together. */
void head_finish(struct head *head);

/* The target's part before '?', and behind it (absent without one). */
struct str head_path(const struct head *head);
struct str head_query(const struct head *head);

#endif
