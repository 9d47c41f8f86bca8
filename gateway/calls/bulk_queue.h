/* Work that takes the gateway's one thread for milliseconds, such as reading a large body: one job
 * in each turn of the loop, so that small requests go in between, and tenant by tenant by the time
 * that their jobs take (fair_queue.h). */
#ifndef TRACTION_BULK_QUEUE_H
#define TRACTION_BULK_QUEUE_H

#include "fair_queue.h"
#include "loop.h"

struct bulk_queue;

/* Embedded in the owner's struct, which stays until it has run. */
struct bulk_job {
    struct fair_item item;
    void (*run)(void *argument);
    void *argument;
};

struct bulk_queue *bulk_queue_new(struct loop *loop);
/* Asserts that nothing waits. */
void bulk_queue_destroy(struct bulk_queue **queue);
/* `job` runs once, in this or in a later turn of the loop; never inside the call. */
void bulk_add(struct bulk_queue *queue, struct bulk_job *job, struct str tenant);
/* Runs all that waits. */
void bulk_finish(struct bulk_queue *queue);

#endif
