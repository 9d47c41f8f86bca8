/* Prometheus text format 0.0.4. The format requires all samples of a name in one group below its
 * HELP and TYPE, while collectors add samples object by object; so each name has a buffer. */
#include "metrics.h"

#include <string.h>

#include "json.h"

enum { FAMILY_FIRST = 256 };

/* Upper bounds in microseconds and as they are written, in seconds. */
static const struct {
    int64_t us;
    const char *seconds;
} bounds[HISTOGRAM_BUCKETS] = {
    {500, "0.0005"},  {1000, "0.001"},  {2500, "0.0025"}, {5000, "0.005"},  {10000, "0.01"},
    {25000, "0.025"}, {50000, "0.05"},  {100000, "0.1"},  {250000, "0.25"}, {500000, "0.5"},
    {1000000, "1"},   {2500000, "2.5"}, {5000000, "5"},   {10000000, "10"},
};

struct family {
    const char *name;
    struct buffer text;
    struct family *next;
};

struct metrics {
    struct arena *arena;
    struct family *first, **last;
};

struct metrics *metrics_new(struct arena *arena)
{
    struct metrics *metrics = arena_alloc(arena, sizeof *metrics);

    metrics->arena = arena;
    metrics->last = &metrics->first;
    return metrics;
}

static void put(struct buffer *out, const char *text)
{
    buffer_append(out, text, strlen(text));
}

static struct buffer *family_of(struct metrics *metrics, const char *name, const char *help,
                                const char *type)
{
    for (struct family *family = metrics->first; family; family = family->next)
        if (!strcmp(family->name, name))
            return &family->text;
    struct family *family = arena_alloc(metrics->arena, sizeof *family);
    family->name = name;
    family->text = buffer_in(metrics->arena, FAMILY_FIRST);
    *metrics->last = family;
    metrics->last = &family->next;
    struct str head =
        arena_printf(metrics->arena, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
    buffer_append(&family->text, head.data, head.size);
    return &family->text;
}

/* One line: name + suffix, labels and one more label when they are not empty, value. */
static void put_sample(struct buffer *out, const char *name, const char *suffix, const char *labels,
                       const char *bucket, double value)
{
    char number[32];
    bool has_labels = labels && *labels;

    put(out, name);
    put(out, suffix);
    if (has_labels || bucket) {
        put(out, "{");
        put(out, has_labels ? labels : "");
        if (bucket) {
            put(out, has_labels ? ",le=\"" : "le=\"");
            put(out, bucket);
            put(out, "\"");
        }
        put(out, "}");
    }
    put(out, " ");
    buffer_append(out, number, double_format(value, number));
    put(out, "\n");
}

void metrics_counter(struct metrics *metrics, const char *name, const char *help,
                     const char *labels, double value)
{
    put_sample(family_of(metrics, name, help, "counter"), name, "", labels, NULL, value);
}

void metrics_gauge(struct metrics *metrics, const char *name, const char *help, const char *labels,
                   double value)
{
    put_sample(family_of(metrics, name, help, "gauge"), name, "", labels, NULL, value);
}

void histogram_add(struct histogram *histogram, int64_t us)
{
    size_t bucket = 0;

    while (bucket < HISTOGRAM_BUCKETS && us > bounds[bucket].us)
        bucket++;
    histogram->buckets[bucket]++;
    histogram->sum_seconds += (double)us / 1e6;
    histogram->count++;
}

void metrics_histogram(struct metrics *metrics, const char *name, const char *help,
                       const char *labels, const struct histogram *histogram)
{
    struct buffer *out = family_of(metrics, name, help, "histogram");
    uint64_t below = 0;

    for (size_t i = 0; i < HISTOGRAM_BUCKETS; i++) {
        below += histogram->buckets[i];
        put_sample(out, name, "_bucket", labels, bounds[i].seconds, (double)below);
    }
    put_sample(out, name, "_bucket", labels, "+Inf", (double)histogram->count);
    put_sample(out, name, "_sum", labels, NULL, histogram->sum_seconds);
    put_sample(out, name, "_count", labels, NULL, (double)histogram->count);
}

struct str metrics_text(struct metrics *metrics)
{
    struct buffer out = buffer_in(metrics->arena, 4096);

    for (const struct family *family = metrics->first; family; family = family->next)
        buffer_append(&out, family->text.data, family->text.size);
    return buffer_str(&out);
}
