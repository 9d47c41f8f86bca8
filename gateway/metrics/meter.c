/* Counters by operation and HTTP status, and a latency histogram by operation. */
#include "meter.h"

#include <stdio.h>
#include <stdlib.h>

#include "answers.h"
#include "memory.h"

struct meter {
    struct answers *operations; /* one for each operation, and one for no operation */
    struct histogram bus[SERVICE_COUNT];
};

struct meter *meter_new(void)
{
    struct meter *meter = xcalloc(1, sizeof *meter);

    meter->operations = xcalloc(operation_count + 1, sizeof *meter->operations);
    return meter;
}

void meter_destroy(struct meter **meter)
{
    if (!*meter)
        return;
    free((*meter)->operations);
    free(*meter);
    *meter = NULL;
}

void meter_count(struct meter *meter, const struct operation *operation, int http, int64_t us)
{
    size_t at = operation ? (size_t)(operation - operations) : operation_count;

    answers_add(&meter->operations[at], http, us);
}

void meter_bus(struct meter *meter, enum service service, int64_t us)
{
    histogram_add(&meter->bus[service], us);
}

static void collect_bus(const struct meter *meter, struct metrics *metrics)
{
    char labels[80];

    for (int service = SERVICE_GOALS; service < SERVICE_COUNT; service++) {
        snprintf(labels, sizeof labels, "service=\"%s\"", service_names[service]);
        metrics_histogram(metrics, "traction_bus_call_seconds",
                          "Time until a service has answered a request over the bus.", labels,
                          &meter->bus[service]);
    }
}

void meter_collect(const struct meter *meter, struct metrics *metrics)
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
        answers_collect(&meter->operations[at], metrics, &names, labels, short_labels);
    }
    collect_bus(meter, metrics);
}
