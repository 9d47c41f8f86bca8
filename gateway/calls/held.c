/* Counts bytes by tenant. A tenant that holds nothing takes no memory. */
#include "held.h"

#include <assert.h>
#include <stdlib.h>

#include "memory.h"
#include "share.h"

enum { TENANTS_EXPECTED = 256 };

struct held_tenant {
    struct map_item item; /* first member */
    char *name;
    size_t bytes;
};

struct held {
    size_t max, bytes;
    struct map tenants;
    struct held_refusals refusals;
};

struct held *held_new(size_t max)
{
    struct held *held = xcalloc(1, sizeof *held);

    held->max = max;
    map_init(&held->tenants, TENANTS_EXPECTED);
    return held;
}

void held_destroy(struct held **held)
{
    struct held *old = *held;

    if (!old)
        return;
    assert(old->bytes == 0);
    map_free(&old->tenants);
    free(old);
    *held = NULL;
}

static struct held_tenant *tenant_of(struct held *held, struct str name)
{
    struct held_tenant *tenant = (struct held_tenant *)map_find(&held->tenants, name);

    if (tenant)
        return tenant;
    tenant = xcalloc(1, sizeof *tenant);
    tenant->name = xstrndup(name.data, name.size);
    tenant->item.key = (struct str){tenant->name, name.size};
    map_add(&held->tenants, &tenant->item);
    return tenant;
}

void held_add(struct held *held, struct hold *hold, struct str tenant, size_t bytes)
{
    if (!hold->tenant)
        hold->tenant = tenant_of(held, tenant);
    hold->bytes += bytes;
    hold->tenant->bytes += bytes;
    held->bytes += bytes;
}

enum status held_take(struct held *held, struct hold *hold, struct str tenant, size_t bytes)
{
    const struct held_tenant *known = (struct held_tenant *)map_find(&held->tenants, tenant);
    int64_t free_bytes = (int64_t)held->max - (int64_t)held->bytes;

    if ((int64_t)bytes > free_bytes) {
        held->refusals.full++;
        return STATUS_SERVICE_UNAVAILABLE;
    }
    if (!share_allows(known ? (int64_t)known->bytes : 0, free_bytes, (int64_t)bytes)) {
        held->refusals.share++;
        return STATUS_RATE_LIMITED;
    }
    held_add(held, hold, tenant, bytes);
    return STATUS_OK;
}

void held_give(struct held *held, struct hold *hold)
{
    struct held_tenant *tenant = hold->tenant;

    if (!tenant)
        return;
    held->bytes -= hold->bytes;
    tenant->bytes -= hold->bytes;
    *hold = (struct hold){NULL, 0};
    if (tenant->bytes > 0)
        return;
    map_remove(&held->tenants, &tenant->item);
    free(tenant->name);
    free(tenant);
}

size_t held_bytes(const struct held *held)
{
    return held->bytes;
}

struct held_refusals held_refusals(const struct held *held)
{
    return held->refusals;
}
