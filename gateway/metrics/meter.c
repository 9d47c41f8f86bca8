/* Counters by operation and HTTP status, and a latency histogram by operation. */
#include "meter.h"

#include <stdio.h>
#include <stdlib.h>

#include "memory.h"

static const int statuses[] = {200, 201, 204, 304, 400, 401, 403, 404, 405, 409, 412,
                               413, 415, 417, 422, 429, 499, 500, 501, 503, 504, 0 /* any other */};
enum { STATUSES = sizeof statuses / sizeof *statuses };

struct line {
    uint64_t answers[STATUSES];
    struct histogram latency;
};

struct meter {
    struct line *lines; /* one for each operation, and one for no operation */
    struct histogram bus[SERVICE_COUNT];
};

struct meter *meter_new(void)
{
    struct meter *meter = xcalloc(1, sizeof *meter);

    meter->lines = xcalloc(operation_count + 1, sizeof *meter->lines);
    return meter;
}

void meter_destroy(struct meter **meter)
{
    if (!*meter)
        return;
    free((*meter)->lines);
    free(*meter);
    *meter = NULL;
}

void meter_count(struct meter *meter, const struct operation *operation, int http, int64_t us)
{
    size_t at = operation ? (size_t)(operation - operations) : operation_count;
    size_t status = 0;

    while (statuses[status] != http && statuses[status] != 0)
        status++;
    meter->lines[at].answers[status]++;
    histogram_add(&meter->lines[at].latency, us);
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
    char labels[320];

    for (size_t at = 0; at <= operation_count; at++) {
        const struct line *line = &meter->lines[at];
        const char *name = at < operation_count ? operations[at].name : "none";
        const char *method = at < operation_count ? method_names[operations[at].method] : "";
        const char *route = at < operation_count ? operations[at].path : "";
        if (line->latency.count == 0)
            continue;
        for (size_t i = 0; i < STATUSES; i++) {
            if (line->answers[i] == 0)
                continue;
            snprintf(labels, sizeof labels,
                     "operation=\"%s\",method=\"%s\",route=\"%s\",status=\"%d\"", name, method,
                     route, statuses[i]);
            metrics_counter(metrics, "traction_http_requests_total", "Requests answered.", labels,
                            (double)line->answers[i]);
        }
        snprintf(labels, sizeof labels, "operation=\"%s\"", name);
        metrics_histogram(metrics, "traction_http_request_seconds",
                          "Time from a request's head to its answer.", labels, &line->latency);
    }
    collect_bus(meter, metrics);
}
