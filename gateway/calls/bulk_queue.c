#include "bulk_queue.h"

#include <stdlib.h>

#include "memory.h"
#include "owner.h"
#include "timestamp.h"

struct bulk_queue {
    struct loop_timer *turn;
    struct fair_queue *jobs;
};

/* The queue's only slot is free between two jobs. */
static void run_next(struct bulk_queue *queue)
{
    struct fair_item *item = fair_start_next(queue->jobs, 0);
    struct bulk_job *job = OWNER_OF(item, struct bulk_job, item);
    struct fair_item running = *item; /* the job may be gone when it has run */
    int64_t began_us = monotonic_us();

    job->run(job->argument);
    fair_done(queue->jobs, &running, monotonic_us() - began_us);
}

static void on_turn(void *argument)
{
    struct bulk_queue *queue = argument;

    run_next(queue);
    if (fair_waiting(queue->jobs, 0) > 0)
        loop_timer_set(queue->turn, 0, 0);
}

struct bulk_queue *bulk_queue_new(struct loop *loop)
{
    struct bulk_queue *queue = xcalloc(1, sizeof *queue);

    queue->jobs = fair_queue_new();
    fair_queue_slots(queue->jobs, 0, 1, 0);
    queue->turn = loop_timer_new(loop, 0, 0, on_turn, queue);
    loop_timer_stop(queue->turn);
    return queue;
}

void bulk_queue_destroy(struct bulk_queue **queue)
{
    if (!*queue)
        return;
    loop_timer_destroy(&(*queue)->turn);
    fair_queue_destroy(&(*queue)->jobs);
    free(*queue);
    *queue = NULL;
}

void bulk_add(struct bulk_queue *queue, struct bulk_job *job, struct str tenant)
{
    fair_add(queue->jobs, 0, &job->item, tenant);
    if (fair_waiting(queue->jobs, 0) == 1)
        loop_timer_set(queue->turn, 0, 0);
}

void bulk_finish(struct bulk_queue *queue)
{
    while (fair_waiting(queue->jobs, 0) > 0)
        run_next(queue);
}
