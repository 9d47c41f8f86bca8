/* A histogram for each tenant, in a map that forgets. */
#include "tenant_counts.h"

#include <stdlib.h>
#include <string.h>

#include "lru.h"
#include "memory.h"

struct tenant_count {
    struct lru_item item; /* first member */
    struct histogram latency;
    char tenant[];
};

struct tenant_counts {
    struct lru *lru;
};

static void drop(struct lru_item *item)
{
    free(item);
}

struct tenant_counts *tenant_counts_new(void)
{
    struct tenant_counts *counts = xcalloc(1, sizeof *counts);

    counts->lru = lru_new(TENANT_COUNTS_MAX, SIZE_MAX / 2, drop);
    return counts;
}

void tenant_counts_destroy(struct tenant_counts **counts)
{
    if (!*counts)
        return;
    lru_destroy(&(*counts)->lru);
    free(*counts);
    *counts = NULL;
}

static struct tenant_count *count_of(struct lru_item *item)
{
    return (struct tenant_count *)(void *)item;
}

static struct lru_item *add(struct tenant_counts *counts, struct str tenant)
{
    struct tenant_count *count = xcalloc(1, sizeof *count + tenant.size);

    memcpy(count->tenant, tenant.data, tenant.size);
    count->item.entry.key = (struct str){count->tenant, tenant.size};
    lru_add(counts->lru, &count->item);
    return &count->item;
}

void tenant_counts_add(struct tenant_counts *counts, struct str tenant, int64_t us)
{
    struct lru_item *item = lru_find(counts->lru, tenant);

    if (!item)
        item = add(counts, tenant);
    histogram_add(&count_of(item)->latency, us);
}

void tenant_label(struct str tenant, char label[TENANT_LABEL_SIZE])
{
    static const char before[] = "tenant=\"";
    size_t at = sizeof before - 1;

    memcpy(label, before, at);
    for (size_t i = 0; i < tenant.size && at < TENANT_LABEL_SIZE - 4; i++) {
        if (tenant.data[i] == '"' || tenant.data[i] == '\\')
            label[at++] = '\\';
        label[at++] = tenant.data[i];
    }
    label[at++] = '"';
    label[at] = '\0';
}

void tenant_counts_collect(const struct tenant_counts *counts, struct metrics *metrics)
{
    char label[TENANT_LABEL_SIZE];

    for (struct lru_item *item = lru_newest(counts->lru); item; item = lru_older(item)) {
        tenant_label(item->entry.key, label);
        metrics_histogram(metrics, "traction_tenant_request_seconds",
                          "Time from a request's head to its answer, of tenants that asked last.",
                          label, &count_of(item)->latency);
    }
}
