/* The admin listener of a process: GET /livez (the loop runs; no dependencies), /readyz (503 with
 * what is missing), /metrics (Prometheus text format 0.0.4), and of some /metrics/tenants. Plain
 * HTTP, own port, no authentication: listens on loopback unless configured otherwise. */
#ifndef TRACTION_ADMIN_H
#define TRACTION_ADMIN_H

#include <stdbool.h>
#include <stdint.h>

#include "arena.h"
#include "loop.h"

/* Metrics: appends samples; helpers write HELP and TYPE once per name. */
struct metrics;
void metrics_counter(struct metrics *metrics, const char *name, const char *help,
                     const char *labels, double value);
void metrics_gauge(struct metrics *metrics, const char *name, const char *help, const char *labels,
                   double value);

/* A latency histogram with fixed buckets (0.5 ms to 10 s); zero-initialised is empty. */
enum { HISTOGRAM_BUCKETS = 14 };
struct histogram {
    uint64_t buckets[HISTOGRAM_BUCKETS + 1];
    double sum_seconds;
    uint64_t count;
};
void histogram_add(struct histogram *histogram, int64_t us);
void metrics_histogram(struct metrics *metrics, const char *name, const char *help,
                       const char *labels, const struct histogram *histogram);

struct admin_config {
    const char *host;
    uint16_t port; /* 0 picks a free one; the chosen one is logged */
    /* NULL when ready, else one sentence of what is missing. */
    const char *(*missing)(void *argument);
    void (*collect)(void *argument, struct metrics *metrics); /* adds the process's own metrics */
    /* Those of single tenants, in the same format, which would be too many among the others; NULL:
     * there are none. */
    void (*collect_tenants)(void *argument, struct metrics *metrics);
    void *argument;
};

struct admin;
/* NULL with a log line when it cannot listen. */
struct admin *admin_new(struct loop *loop, const struct admin_config *config);
void admin_destroy(struct admin **admin);

#endif
