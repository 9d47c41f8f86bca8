/* A binary heap in an array; each tenant knows its place. */
#include "fair_heap.h"

#include "memory.h"

enum { PLACES_MIN = 64 };

static void put(struct fair_class *class, unsigned number, size_t place, struct fair_tenant *tenant)
{
    class->heap[place] = tenant;
    tenant->classes[number].place = place;
}

static void sift_up(struct fair_class *class, unsigned number, size_t place,
                    struct fair_tenant *tenant)
{
    while (place > 0 && class->heap[(place - 1) / 2]->tag > tenant->tag) {
        put(class, number, place, class->heap[(place - 1) / 2]);
        place = (place - 1) / 2;
    }
    put(class, number, place, tenant);
}

static void sift_down(struct fair_class *class, unsigned number, size_t place,
                      struct fair_tenant *tenant)
{
    for (;;) {
        size_t child = 2 * place + 1;
        if (child + 1 < class->heap_count && class->heap[child + 1]->tag < class->heap[child]->tag)
            child++;
        if (child >= class->heap_count || class->heap[child]->tag >= tenant->tag)
            break;
        put(class, number, place, class->heap[child]);
        place = child;
    }
    put(class, number, place, tenant);
}

void fair_heap_add(struct fair_class *class, unsigned number, struct fair_tenant *tenant)
{
    if (class->heap_count == class->heap_size) {
        class->heap_size = class->heap_size > 0 ? class->heap_size * 2 : PLACES_MIN;
        class->heap = xrealloc(class->heap, class->heap_size * sizeof(struct fair_tenant *));
    }
    class->heap_count++;
    sift_up(class, number, class->heap_count - 1, tenant);
}

void fair_heap_settle(struct fair_class *class, unsigned number, struct fair_tenant *tenant)
{
    sift_up(class, number, tenant->classes[number].place, tenant);
    sift_down(class, number, tenant->classes[number].place, tenant);
}

void fair_heap_remove(struct fair_class *class, unsigned number, struct fair_tenant *tenant)
{
    struct fair_tenant *last = class->heap[--class->heap_count];

    if (last == tenant)
        return;
    put(class, number, tenant->classes[number].place, last);
    fair_heap_settle(class, number, last);
}
