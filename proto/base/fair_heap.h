/* The tenants of a fair queue that wait, by their tags: a heap for each class of items. A tenant is
 * in several heaps when it waits for several kinds of slots. Private to fair_queue.c. */
#ifndef TRACTION_FAIR_HEAP_H
#define TRACTION_FAIR_HEAP_H

#include <stdbool.h>

#include "fair_queue.h"
#include "map.h"

struct class_of_tenant {
    struct fair_item *first, *last;
    size_t waiting, running;
    int64_t average;          /* cost; negative: unknown */
    size_t place;             /* in the heap, while something waits */
    struct fair_tenant *over; /* the next of those that fair_next has passed over */
};

struct fair_tenant {
    struct map_item entry; /* first */
    int64_t tag;
    size_t waiting, running; /* of all classes */
    bool idle;               /* in the list of those */
    struct class_of_tenant classes[FAIR_CLASSES];
    struct fair_tenant *next; /* among idle ones, or spares */
    char key[FAIR_TENANT_MAX];
};

struct fair_class {
    struct fair_tenant **heap; /* the lowest tag is first */
    size_t heap_count, heap_size;
    size_t slots, reserve, waiting, running;
    size_t tenants; /* that have items, waiting or running */
    int64_t average;
};

/* `number` is that of the class. The tenant with the lowest tag is heap[0]. */
void fair_heap_add(struct fair_class *class, unsigned number, struct fair_tenant *tenant);
void fair_heap_remove(struct fair_class *class, unsigned number, struct fair_tenant *tenant);
/* Its tag has changed. */
void fair_heap_settle(struct fair_class *class, unsigned number, struct fair_tenant *tenant);

#endif
