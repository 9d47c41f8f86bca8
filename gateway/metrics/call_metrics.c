/* Counters by operation and HTTP status, and a latency histogram by operation. */
#include "call_metrics.h"

#include <stdio.h>
#include <stdlib.h>

#include "answers.h"
#include "memory.h"

struct call_metrics {
    struct answers *operations; /* one for each operation, and one for no operation */
    struct histogram bus[SERVICE_COUNT];
};

struct call_metrics *call_metrics_new(void)
{
    struct call_metrics *call_metrics = xcalloc(1, sizeof *call_metrics);

    call_metrics->operations = xcalloc(operation_count + 1, sizeof *call_metrics->operations);
    return call_metrics;
}

void call_metrics_destroy(struct call_metrics **call_metrics)
{
    if (!*call_metrics)
        return;
    free((*call_metrics)->operations);
    free(*call_metrics);
    *call_metrics = NULL;
}

void call_metrics_count(struct call_metrics *call_metrics, const struct operation *operation,
                        int http, int64_t us)
{
    size_t at = operation ? (size_t)(operation - operations) : operation_count;

    answers_add(&call_metrics->operations[at], http, us);
}

void call_metrics_bus(struct call_metrics *call_metrics, enum service service, int64_t us)
{
    histogram_add(&call_metrics->bus[service], us);
}

static void collect_bus(const struct call_metrics *call_metrics, struct metrics *metrics)
{
    char labels[80];

    for (int service = SERVICE_GOALS; service < SERVICE_COUNT; service++) {
        snprintf(labels, sizeof labels, "service=\"%s\"", service_names[service]);
        metrics_histogram(metrics, "traction_bus_call_seconds",
                          "Time until a service has answered a request over the bus.", labels,
                          &call_metrics->bus[service]);
    }
}

void call_metrics_collect(const struct call_metrics *call_metrics, struct metrics *metrics)
{
    static const struct answer_metrics names = {
        "traction_http_requests_total", "Requests answered.", "traction_http_request_seconds",
        "Time from a request's head to its answer."};
    char labels[300], short_labels[80];

    for (size_t at = 0; at <= operation_count; at++) {
        const char *name = at < operation_count ? operations[at].name : "none";
        const char *method = at < operation_count ? method_names[operations[at].method] : "";
        const char *route = at < operation_count ? operations[at].path : "";
        snprintf(labels, sizeof labels, "operation=\"%s\",method=\"%s\",route=\"%s\"", name, method,
                 route);
        snprintf(short_labels, sizeof short_labels, "operation=\"%s\"", name);
        answers_collect(&call_metrics->operations[at], metrics, &names, labels, short_labels);
    }
    collect_bus(call_metrics, metrics);
}
