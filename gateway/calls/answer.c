/* Builds every answer. Common fields are added in one place, so that errors have them too. */
#include "answer.h"

#include <string.h>

#include "answer_parts.h"
#include "envelope.h"
#include "etag.h"
#include "gzip.h"
#include "json_out.h"
#include "loggable.h"
#include "pack.h"
#include "slow_request.h"
#include "timestamp.h"

enum {
    GZIP_MIN = 1024,
    HTTP_CLIENT_GONE = 499, /* for log and metrics: nobody reads it */
};

const char answer_json_type[] = "application/json";
const char answer_not_kept[] = "no-store";
const char answer_kept_private[] = "private, no-cache";

static void add_origin(struct call *call, struct exchange *exchange)
{
    if (!call->origin.data)
        return;
    http_field(exchange, "Access-Control-Allow-Origin", call->origin.data);
    http_field(exchange, "Access-Control-Expose-Headers", cors_exposed_fields);
}

/* The code by which a refusal is counted; health's 503 has none of its own. */
static void count_refusal(struct call *call, int http, struct str method, struct str path)
{
    const struct refusal refusal = {call->log.request_id, method, path, http};

    refusals_count(call->shared->refusals,
                   call->refusal != STATUS_OK ? call->refusal : STATUS_SERVICE_UNAVAILABLE,
                   &refusal);
}

/* One log line for each request, except for successful reads and refusals of unauthenticated
 * requests, which would be too many: the latter are counted. At level debug they have lines, too.
 */
static void log_answer(struct call *call, int http, int64_t us)
{
    const struct head *head = &call->exchange->head;
    struct str method = loggable_method(head), path = loggable_path(call->arena, head);
    bool strange = http >= 400 && !call->identity.tenant.data;
    bool reads = router_method(head->method) == METHOD_GET || str_equal(method, STR("OPTIONS"));
    const struct log_context *before = log_use(&call->log);

    if (strange)
        count_refusal(call, http, method, path);
    LOG_AT(strange || (http < 400 && reads) ? LOG_DEBUG : LOG_INFO, "request",
           LOG_TEXT("method", method), LOG_TEXT("path", path), LOG_INT("status", http),
           LOG_INT("durationUs", us));
    slow_request_log(call, http, us);
    log_use(before);
}

static void add_common_fields(struct call *call, const char *type, bool compressible)
{
    struct exchange *exchange = call->exchange;

    if (type) {
        http_field(exchange, "Content-Type", type);
        http_field(exchange, "X-Content-Type-Options", "nosniff");
    }
    http_field(exchange, "X-Request-Id", call->log.request_id.data);
    http_field(exchange, "Vary", compressible ? "Origin, Accept-Encoding" : "Origin");
    add_origin(call, exchange);
}

static bool takes_gzip(const struct call *call)
{
    return gzip_accepted(call->exchange->head.fields[HEAD_ACCEPT_ENCODING]);
}

static void send_answer(struct call *call, int http, struct str body)
{
    int64_t us = monotonic_us() - call->began_us;

    call_metrics_count(call->shared->call_metrics, call->route.operation, http, us);
    if (call->identity.tenant.size > 0)
        tenant_counts_add(call->shared->tenant_counts, call->identity.tenant, us);
    log_answer(call, http, us);
    http_answer(call->exchange, http, body);
}

static void send_gzip(struct call *call, int http, struct str body, struct str smaller)
{
    if (smaller.data)
        http_field(call->exchange, "Content-Encoding", "gzip");
    send_answer(call, http, smaller.data ? smaller : body);
}

/* --- Large ones are compressed piece by piece, while other calls go on --- */

struct gzip_job {
    struct call *call;
    int http;
    struct str body;
    struct gzip *gzip;
};

static void compress(void *argument)
{
    struct gzip_job *job = argument;
    struct call *call = job->call;

    if (!call->cancelled && !gzip_go_on(job->gzip, ANSWER_PIECE)) {
        bulk_add(call->shared->bulk, &call->bulk, call->identity.tenant);
        return;
    }
    struct str smaller = gzip_end(&job->gzip);
    if (call->cancelled)
        answer_cancelled(call);
    else
        send_gzip(call, job->http, job->body, smaller);
}

static void compress_later(struct call *call, int http, struct str body)
{
    struct gzip_job *job = arena_alloc(call->arena, sizeof *job);

    *job = (struct gzip_job){call, http, body, gzip_new(call->arena, body)};
    call->bulk = (struct bulk_job){.run = compress, .argument = job};
    bulk_add(call->shared->bulk, &call->bulk, call->identity.tenant);
}

void answer_finish(struct call *call, int http, struct str body, const char *type,
                   const char *cache)
{
    bool compressible = type == answer_json_type && body.size > GZIP_MIN;

    add_common_fields(call, type, compressible);
    if (cache)
        http_field(call->exchange, "Cache-Control", cache);
    if (!compressible || !takes_gzip(call))
        send_answer(call, http, body);
    else if (body.size <= ANSWER_PIECE)
        send_gzip(call, http, body, gzip_text(call->arena, body));
    else
        compress_later(call, http, body);
}

void answer_cancelled(struct call *call)
{
    http_close_after(call->exchange);
    send_answer(call, HTTP_CLIENT_GONE, STR(""));
}

void answer_json(struct call *call, int http, struct str json)
{
    answer_finish(call, http, json, answer_json_type, answer_not_kept);
}

void answer_static(struct call *call, const struct static_content *content)
{
    struct exchange *exchange = call->exchange;
    struct str known = exchange->head.fields[HEAD_IF_NONE_MATCH];
    bool fresh = known.data && etag_matches(known, content->etag);

    http_field(exchange, "ETag", content->etag.data);
    if (content->cache)
        http_field(exchange, "Cache-Control", content->cache);
    else
        http_field(exchange, "Cache-Control",
                   strcmp(content->type, answer_json_type) == 0 ? answer_kept_private : "no-cache");
    add_common_fields(call, fresh ? NULL : content->type, content->gzip.data);
    if (fresh) {
        send_answer(call, 304, STR(""));
    } else if (content->gzip.data && takes_gzip(call)) {
        http_field(exchange, "Content-Encoding", "gzip");
        send_answer(call, 200, content->gzip);
    } else {
        send_answer(call, 200, content->text);
    }
}

void answer_redirect(struct call *call, struct str location)
{
    http_field(call->exchange, "Location", location.data);
    http_field(call->exchange, "Cache-Control", "no-cache");
    add_common_fields(call, NULL, false);
    send_answer(call, 302, STR(""));
}

/* `errors` is a packed map; absent when there are none. */
static struct str fault_body(struct call *call, struct str code, struct str message,
                             struct str errors)
{
    struct json *json = call->shared->json;
    struct buffer out = buffer_in(call->arena, 256 + errors.size * 2);

    json_start(json, &out);
    json_object_begin(json);
    json_key(json, STR("success"));
    json_bool(json, false);
    json_key(json, STR("error"));
    json_text(json, message);
    json_key(json, STR("code"));
    json_text(json, code);
    json_key(json, STR("requestId"));
    json_text(json, call->log.request_id);
    if (errors.data) {
        json_key(json, STR("errors"));
        json_out(json, errors);
    }
    json_object_end(json);
    return buffer_str(&out);
}

/* Fields that belong to a status, whoever says it. */
static void add_fault_fields(struct call *call, int http)
{
    if (http == 401)
        http_field(call->exchange, "WWW-Authenticate", "Bearer");
    if (http == 405)
        http_field(call->exchange, "Allow", route_allow(call->arena, call->route.methods).data);
    if (http == 429 || http == 503)
        http_field(
            call->exchange, "Retry-After",
            arena_printf(call->arena, "%d", call->retry_after_s > 0 ? call->retry_after_s : 1)
                .data);
}

void answer_failure(struct call *call, int http, struct str code, struct str message,
                    struct str errors)
{
    add_fault_fields(call, http);
    answer_finish(call, http, fault_body(call, code, message, errors), answer_json_type,
                  answer_not_kept);
}

void answer_fault(struct call *call, enum status status, struct str message)
{
    int http = call->refusal_http ? call->refusal_http : status_http(status);

    call->refusal = status;
    struct str text = message.data ? message : str_of(status_sentence(status));

    answer_failure(call, http, str_of(status_code(status)), text, STR_NONE);
}

void answer_options(struct call *call)
{
    struct str methods = route_allow(call->arena, call->route.methods);

    http_field(call->exchange, "Allow", methods.data);
    if (call->origin.data && call->exchange->head.fields[HEAD_PREFLIGHT_METHOD].data) {
        http_field(call->exchange, "Access-Control-Allow-Methods", methods.data);
        http_field(call->exchange, "Access-Control-Allow-Headers", cors_allowed_fields);
        http_field(call->exchange, "Access-Control-Max-Age", cors_max_age);
    }
    answer_finish(call, 204, STR(""), NULL, NULL);
}
