/* What a service does again and again beside its requests. */
#include <stdlib.h>

#include "fiber.h"
#include "memory.h"
#include "process.h"

struct background {
    struct process *process;
    void (*work)(struct process *process);
    struct loop_timer *timer;
    bool running;
    struct background *next;
};

static void background_run(void *argument)
{
    struct background *background = argument;

    background->work(background->process);
    background->running = false;
}

static void background_due(void *argument)
{
    struct background *background = argument;

    if (!background->running && !background->process->stopping)
        background->running = fiber_start(background_run, background);
}

void service_every(struct process *process, int64_t every_ms, void (*work)(struct process *process))
{
    struct background *background = xcalloc(1, sizeof *background);

    *background =
        (struct background){.process = process, .work = work, .next = process->background};
    background->timer =
        loop_timer_new(process->loop, every_ms, every_ms, background_due, background);
    process->background = background;
}

void background_destroy(struct process *process)
{
    while (process->background) {
        struct background *background = process->background;
        process->background = background->next;
        loop_timer_destroy(&background->timer);
        free(background);
    }
}
