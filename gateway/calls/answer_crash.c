/* The answer to a request that crashes the gateway itself, so that a proxy in front of it does not
 * send the request to the next gateway. Uses only stack memory, and does not change the call. */
#include <stddef.h>
#include <stdio.h>

#include "answer.h"

enum { BODY_MAX = 512, MESSAGE_MAX = 2048, RETRY_AFTER_S = 1 };

static size_t written(int size, size_t max)
{
    return size < 0 ? 0 : (size_t)size < max ? (size_t)size : max - 1;
}

/* In the gateway a log's context is always a call's. Ids are safe: they need no escapes. */
void answer_crashed(void *unused, const struct log_context *context)
{
    const struct call *call = (const void *)((const char *)context - offsetof(struct call, log));
    const char *before = call->origin.data ? "Access-Control-Allow-Origin: " : "";
    const char *behind = call->origin.data ? "\r\n" : "";
    char body[BODY_MAX], message[MESSAGE_MAX];

    (void)unused;
    size_t body_size = written(
        snprintf(body, sizeof body,
                 "{\"success\":false,\"error\":\"The service failed at this request; it may or may "
                 "not have been carried out\",\"code\":\"%s\",\"requestId\":\"" STR_FMT "\"}",
                 status_code(STATUS_SERVICE_UNAVAILABLE), STR_ARG(context->request_id)),
        sizeof body);
    size_t size = written(
        snprintf(message, sizeof message,
                 "HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\n"
                 "Content-Type: application/json\r\nContent-Length: %zu\r\nRetry-After: %d\r\n"
                 "Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\nVary: Origin\r\n"
                 "X-Request-Id: " STR_FMT "\r\n%s" STR_FMT "%s\r\n%s",
                 body_size, RETRY_AFTER_S, STR_ARG(context->request_id), before,
                 STR_ARG(call->origin), behind, body),
        sizeof message);
    http_answer_crashed(call->exchange, (struct str){message, size});
}
