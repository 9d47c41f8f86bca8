/* Start-time fair queueing. Tenants with waiting items of a class are in that class's heap
 * (fair_heap.h). */
#include "fair_queue.h"

#include <assert.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "fair_heap.h"
#include "memory.h"

enum {
    TENANTS_EXPECTED = 256,
    SPARES_MAX = 256,
    AVERAGE_OVER = 8, /* items over which a cost is averaged */
};

struct fair_queue {
    struct map tenants;
    size_t tenant_count, waiting;
    int64_t now; /* virtual time */
    struct fair_class classes[FAIR_CLASSES];
    struct fair_tenant *idle, **idle_end; /* kept for their tags; the oldest is first */
    size_t idle_count;
    struct fair_tenant *spares;
    size_t spare_count;
};

/* --- Tenants --- */

static bool is_own(const struct fair_tenant *tenant)
{
    return tenant->entry.key.size == 0;
}

static struct fair_tenant *tenant_of(struct fair_queue *queue, struct str key)
{
    if (key.size > FAIR_TENANT_MAX)
        key.size = FAIR_TENANT_MAX;
    if (!key.data)
        key = STR("");
    struct fair_tenant *tenant = (struct fair_tenant *)(void *)map_find(&queue->tenants, key);
    if (tenant)
        return tenant;
    tenant = queue->spares;
    if (tenant) {
        queue->spares = tenant->next;
        queue->spare_count--;
    } else {
        tenant = xmalloc(sizeof *tenant);
    }
    memset(tenant, 0, offsetof(struct fair_tenant, key));
    memcpy(tenant->key, key.data, key.size);
    tenant->entry.key = (struct str){tenant->key, key.size};
    for (size_t i = 0; i < FAIR_CLASSES; i++)
        tenant->classes[i].average = -1;
    map_add(&queue->tenants, &tenant->entry);
    queue->tenant_count++;
    return tenant;
}

static void forget(struct fair_queue *queue, struct fair_tenant *tenant)
{
    map_remove(&queue->tenants, &tenant->entry);
    queue->tenant_count--;
    if (queue->spare_count >= SPARES_MAX) {
        free(tenant);
        return;
    }
    tenant->next = queue->spares;
    queue->spares = tenant;
    queue->spare_count++;
}

/* Drops tenants without items whose tags mean nothing any more, the oldest first. */
static void sweep(struct fair_queue *queue)
{
    struct fair_tenant *tenant;

    while ((tenant = queue->idle) != NULL) {
        bool busy = tenant->waiting + tenant->running > 0;
        if (!busy && tenant->tag > queue->now && queue->waiting > 0 &&
            queue->idle_count <= FAIR_IDLE_MAX)
            return;
        queue->idle = tenant->next;
        if (!queue->idle)
            queue->idle_end = &queue->idle;
        queue->idle_count--;
        tenant->idle = false;
        if (!busy)
            forget(queue, tenant);
    }
}

static void keep_idle(struct fair_queue *queue, struct fair_tenant *tenant)
{
    if (!tenant->idle) {
        tenant->idle = true;
        tenant->next = NULL;
        *queue->idle_end = tenant;
        queue->idle_end = &tenant->next;
        queue->idle_count++;
    }
    sweep(queue);
}

/* An item has left that class. */
static void left(struct fair_queue *queue, unsigned number, struct fair_tenant *tenant)
{
    const struct class_of_tenant *of = &tenant->classes[number];

    if (of->waiting + of->running == 0)
        queue->classes[number].tenants--;
    if (tenant->waiting + tenant->running == 0)
        keep_idle(queue, tenant);
}

static void charge(struct fair_queue *queue, struct fair_tenant *tenant, int64_t cost)
{
    if (is_own(tenant) || cost == 0)
        return;
    tenant->tag += cost;
    for (unsigned i = 0; i < FAIR_CLASSES; i++)
        if (tenant->classes[i].waiting > 0)
            fair_heap_settle(&queue->classes[i], i, tenant);
}

/* --- The queue --- */

struct fair_queue *fair_queue_new(void)
{
    struct fair_queue *queue = xcalloc(1, sizeof *queue);

    map_init(&queue->tenants, TENANTS_EXPECTED);
    queue->idle_end = &queue->idle;
    return queue;
}

void fair_queue_destroy(struct fair_queue **owner)
{
    struct fair_queue *queue = *owner;

    *owner = NULL;
    if (!queue)
        return;
    assert(queue->waiting == 0);
    sweep(queue);
    assert(queue->tenant_count == 0);
    while (queue->spares) {
        struct fair_tenant *tenant = queue->spares;
        queue->spares = tenant->next;
        free(tenant);
    }
    for (size_t i = 0; i < FAIR_CLASSES; i++)
        free(queue->classes[i].heap);
    map_free(&queue->tenants);
    free(queue);
}

void fair_queue_slots(struct fair_queue *queue, unsigned class, size_t slots, size_t reserve)
{
    queue->classes[class].slots = slots;
    queue->classes[class].reserve = reserve;
}

void fair_add(struct fair_queue *queue, unsigned number, struct fair_item *item, struct str key)
{
    struct fair_tenant *tenant = tenant_of(queue, key);
    struct class_of_tenant *of = &tenant->classes[number];
    struct fair_class *class = &queue->classes[number];

    *item = (struct fair_item){.tenant = tenant, .before = of->last, .class = number};
    if (tenant->waiting == 0 && tenant->tag < queue->now)
        tenant->tag = queue->now;
    *(of->last ? &of->last->next : &of->first) = item;
    of->last = item;
    if (of->waiting + of->running == 0)
        class->tenants++;
    if (of->waiting++ == 0)
        fair_heap_add(class, number, tenant);
    tenant->waiting++;
    class->waiting++;
    queue->waiting++;
}

static bool may_start(const struct fair_class *class, unsigned number,
                      const struct fair_tenant *tenant, size_t free)
{
    return free > class->reserve || is_own(tenant) || tenant->classes[number].running == 0 ||
           tenant->classes[number].running < class->slots / (class->tenants + 1);
}

struct fair_item *fair_next(struct fair_queue *queue, unsigned number, size_t free)
{
    struct fair_class *class = &queue->classes[number];
    struct fair_tenant *passed_over = NULL, *tenant = NULL;
    struct fair_item *found = NULL;

    if (free == 0)
        return NULL;
    /* Those at their share leave the heap while the others are looked at. */
    while (!found && class->heap_count > 0) {
        tenant = class->heap[0];
        if (may_start(class, number, tenant, free)) {
            found = tenant->classes[number].first;
        } else {
            fair_heap_remove(class, number, tenant);
            tenant->classes[number].over = passed_over;
            passed_over = tenant;
        }
    }
    while ((tenant = passed_over) != NULL) {
        passed_over = tenant->classes[number].over;
        fair_heap_add(class, number, tenant);
    }
    return found;
}

int64_t fair_compare(const struct fair_item *a, const struct fair_item *b)
{
    return a->tenant->tag - b->tenant->tag;
}

static void unlink_item(struct fair_queue *queue, struct fair_item *item)
{
    struct fair_tenant *tenant = item->tenant;
    struct class_of_tenant *of = &tenant->classes[item->class];
    struct fair_class *class = &queue->classes[item->class];

    *(item->before ? &item->before->next : &of->first) = item->next;
    *(item->next ? &item->next->before : &of->last) = item->before;
    if (--of->waiting == 0)
        fair_heap_remove(class, item->class, tenant);
    tenant->waiting--;
    class->waiting--;
    queue->waiting--;
}

void fair_remove(struct fair_queue *queue, struct fair_item *item)
{
    unlink_item(queue, item);
    left(queue, item->class, item->tenant);
    sweep(queue);
}

void fair_start(struct fair_queue *queue, struct fair_item *item)
{
    struct fair_tenant *tenant = item->tenant;

    if (tenant->tag > queue->now)
        queue->now = tenant->tag;
    unlink_item(queue, item);
    item->charged = fair_expected(queue, item) > 0 ? fair_expected(queue, item) : 1;
    tenant->running++;
    tenant->classes[item->class].running++;
    queue->classes[item->class].running++;
    charge(queue, tenant, item->charged);
    sweep(queue);
}

struct fair_item *fair_start_next(struct fair_queue *queue, unsigned number)
{
    const struct fair_class *class = &queue->classes[number];
    size_t free = class->slots > class->running ? class->slots - class->running : 0;
    struct fair_item *item = fair_next(queue, number, free);

    if (item)
        fair_start(queue, item);
    return item;
}

static void average(int64_t *average, int64_t cost)
{
    *average = *average < 0 ? cost : *average + (cost - *average) / AVERAGE_OVER;
}

void fair_done(struct fair_queue *queue, struct fair_item *item, int64_t cost)
{
    struct fair_tenant *tenant = item->tenant;
    struct class_of_tenant *of = &tenant->classes[item->class];
    struct fair_class *class = &queue->classes[item->class];

    charge(queue, tenant, cost - item->charged);
    average(&of->average, cost);
    average(&class->average, cost);
    of->running--;
    tenant->running--;
    class->running--;
    left(queue, item->class, tenant);
}

int64_t fair_expected(const struct fair_queue *queue, const struct fair_item *item)
{
    int64_t average = item->tenant->classes[item->class].average;

    return average >= 0 ? average : queue->classes[item->class].average;
}

size_t fair_waiting(const struct fair_queue *queue, unsigned class)
{
    return queue->classes[class].waiting;
}

size_t fair_running(const struct fair_queue *queue, unsigned class)
{
    return queue->classes[class].running;
}

size_t fair_tenants(const struct fair_queue *queue)
{
    return queue->tenant_count;
}
