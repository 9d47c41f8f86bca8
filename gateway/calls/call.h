/* One request on its way through the gateway, and what all of them share. */
#ifndef TRACTION_CALL_H
#define TRACTION_CALL_H

#include "auth.h"
#include "bulk_queue.h"
#include "call_metrics.h"
#include "caller_sync.h"
#include "cors.h"
#include "held.h"
#include "http.h"
#include "json.h"
#include "log.h"
#include "refusals.h"
#include "router.h"
#include "slow_log.h"
#include "tenant_counts.h"
#include "upstream.h"
#include "uri.h"

/* For answers, and for the way to the services. */
struct call_shared {
    struct upstream *upstream;
    struct call_metrics *call_metrics;
    struct tenant_counts *tenant_counts;
    struct refusals *refusals;
    struct json *json;
    struct held *held;
    struct bulk_queue *bulk;
    struct slow_log *slow;
    size_t values_max; /* of a body's JSON */
    size_t answer_max; /* bytes of an answer's JSON; downloads are bounded by who makes them */
};

/* When it went, and was back. */
struct call_times {
    int64_t sent_us, back_us; /* to the service, and its reply or its failure; 0: not yet */
    struct timing service;    /* as the reply says */
};

/* Lives in its exchange's arena. */
struct call {
    struct gateway *gateway; /* for the steps alone (serve.c) */
    const struct call_shared *shared;
    struct exchange *exchange;
    struct arena *arena;
    size_t step; /* the next one (serve.c) */
    int64_t began_us;
    struct log_context log;
    struct http_route route;
    struct str origin;        /* the allowed browser origin that asks; absent when none */
    struct str token;         /* never to be logged */
    struct identity identity; /* a copy, whose texts live in the arena; zero when nobody is known */
    struct url_query query;
    enum status refusal;     /* found at the head: answered when the request is complete */
    int refusal_http;        /* instead of the status's own; 0: that one */
    struct str refusal_text; /* absent: the status's sentence */
    int retry_after_s;       /* of a refusal with 429 or 503 */
    struct hold hold;        /* what its body and answer take */
    struct bulk_job bulk;    /* while its body waits to be read, or its answer to be written */
    bool lacks_key;          /* its token may be valid, by a key that is being read */
    struct key_wait key_wait;
    struct caller_sync_wait sync_wait;
    struct str cursor;           /* of the tenant's stream, from before the read; absent: none */
    struct str body;             /* packed; absent when the request has none */
    struct request request;      /* what goes over the bus */
    struct upstream_place place; /* among what is forwarded */
    int64_t ready_us;            /* since when it could go, had it not to wait */
    struct call_times times;
    bool cancelled; /* by its client: nobody waits for the answer */
};

/* Answers only the head: it opens nothing, makes nothing and counts against no limit. */
static inline bool call_is_head(const struct call *call)
{
    return str_equal(call->exchange->head.method, STR("HEAD"));
}

#endif
