/* How many requests of each tenant were answered, and how fast, of the tenants that asked last: for
 * /metrics/tenants, apart from /metrics, because tenants are too many for a database of metrics. */
#ifndef TRACTION_TENANT_COUNTS_H
#define TRACTION_TENANT_COUNTS_H

#include <stdint.h>

#include "admin.h"
#include "str.h"

enum {
    TENANT_COUNTS_MAX = 256, /* tenants; beyond it who has not asked for longest is forgotten */
    TENANT_LABEL_SIZE = 1200,
};

struct tenant_counts;

struct tenant_counts *tenant_counts_new(void);
void tenant_counts_destroy(struct tenant_counts **counts);

void tenant_counts_add(struct tenant_counts *counts, struct str tenant, int64_t us);
void tenant_counts_collect(const struct tenant_counts *counts, struct metrics *metrics);

/* The label of a tenant, as the text format wants it. */
void tenant_label(struct str tenant, char label[TENANT_LABEL_SIZE]);

#endif
