/* The event loop over libuv. Starts no threads: nothing here may use libuv's file, name or work
 * functions. A handle's memory is freed by libuv's close callback, after the turn that closed it.
 */
#include "loop.h"

#include <assert.h>
#include <stdlib.h>

#include <uv.h>

#include "memory.h"
#include "timestamp.h"

/* The number of rounds of hooks before the descriptors are polled again. */
enum { HOOK_ROUNDS_MAX = 64 };

struct hook {
    loop_hook_fn *run;
    void *argument;
};

struct loop {
    uv_loop_t uv;
    uv_prepare_t before_wait;
    uv_idle_t no_sleep; /* active while hooks are left with work */
    struct hook *hooks;
    size_t hook_count;
    bool hooks_ended; /* some of them have no function any more */
    bool awake;       /* between the end of one wait and the next; a turn */
    uint64_t turns;
    int64_t turn_began_us;
};

struct loop_fd {
    uv_poll_t uv;
    struct loop *loop;
    loop_fd_fn *ready;
    void *argument;
    int wanted; /* LOOP_READ | LOOP_WRITE */
    bool armed; /* libuv is waiting for `wanted` */
};

struct loop_timer {
    uv_timer_t uv;
    struct loop *loop;
    loop_timer_fn *due;
    void *argument;
};

struct loop_signal {
    uv_signal_t uv;
    struct loop *loop;
    loop_timer_fn *raised;
    void *argument;
};

static void check(int result)
{
    assert(result == 0);
}

static void free_handle(uv_handle_t *handle)
{
    free(handle->data);
}

/* The first callback after a wait begins the turn; libuv has no hook for that. */
static void wake(struct loop *loop)
{
    if (loop->awake)
        return;
    loop->awake = true;
    loop->turns++;
    loop->turn_began_us = monotonic_us();
}

static bool run_hooks(struct loop *loop)
{
    bool again = false;

    for (size_t i = 0; i < loop->hook_count; i++) {
        struct hook hook = loop->hooks[i]; /* a hook may add hooks, and end any */
        if (hook.run)
            again |= hook.run(hook.argument);
    }
    return again;
}

/* Hooks that were ended keep their place until no hook runs. */
static void drop_ended_hooks(struct loop *loop)
{
    size_t kept = 0;

    for (size_t i = 0; i < loop->hook_count; i++) {
        if (loop->hooks[i].run)
            loop->hooks[kept++] = loop->hooks[i];
    }
    loop->hook_count = kept;
    loop->hooks_ended = false;
}

static void do_nothing(uv_idle_t *handle)
{
    (void)handle;
}

static void on_before_wait(uv_prepare_t *handle)
{
    struct loop *loop = handle->data;
    int rounds = 0;
    bool left;

    wake(loop);
    if (loop->hooks_ended)
        drop_ended_hooks(loop);
    do
        left = run_hooks(loop);
    while (left && ++rounds < HOOK_ROUNDS_MAX);
    if (left)
        check(uv_idle_start(&loop->no_sleep, do_nothing));
    else
        check(uv_idle_stop(&loop->no_sleep));
    loop->awake = false;
}

struct loop *loop_new(void)
{
    struct loop *loop = xcalloc(1, sizeof *loop);

    check(uv_loop_init(&loop->uv));
    check(uv_prepare_init(&loop->uv, &loop->before_wait));
    check(uv_idle_init(&loop->uv, &loop->no_sleep));
    loop->before_wait.data = loop;
    loop->no_sleep.data = loop;
    check(uv_prepare_start(&loop->before_wait, on_before_wait));
    loop->turn_began_us = monotonic_us();
    return loop;
}

static void close_left_over(uv_handle_t *handle, void *argument)
{
    struct loop *loop = argument;

    if (!uv_is_closing(handle))
        uv_close(handle, handle->data == loop ? NULL : free_handle);
}

void loop_destroy(struct loop **loop)
{
    if (!*loop)
        return;
    struct loop *old = *loop;
    uv_walk(&old->uv, close_left_over, old);
    /* Only close callbacks are left to run. Again, because a forgotten loop_stop ends the first. */
    while (uv_run(&old->uv, UV_RUN_DEFAULT) != 0)
        continue;
    check(uv_loop_close(&old->uv));
    free(old->hooks);
    free(old);
    *loop = NULL;
}

void loop_run(struct loop *loop)
{
    uv_run(&loop->uv, UV_RUN_DEFAULT);
}

void loop_stop(struct loop *loop)
{
    uv_stop(&loop->uv);
}

static void on_ready(uv_poll_t *handle, int status, int events);

static void arm(struct loop_fd *watch)
{
    int events = ((watch->wanted & LOOP_READ) ? UV_READABLE : 0) |
                 ((watch->wanted & LOOP_WRITE) ? UV_WRITABLE : 0);

    watch->armed = events != 0;
    check(events ? uv_poll_start(&watch->uv, events, on_ready) : uv_poll_stop(&watch->uv));
}

static void on_ready(uv_poll_t *handle, int status, int events)
{
    struct loop_fd *watch = handle->data;
    int ready =
        ((events & UV_READABLE) ? LOOP_READ : 0) | ((events & UV_WRITABLE) ? LOOP_WRITE : 0);

    wake(watch->loop);
    if (status < 0) {
        /* libuv stops watching a descriptor with an error; its owner learns it by using it. */
        watch->armed = false;
        ready = LOOP_READ | LOOP_WRITE;
    }
    ready &= watch->wanted;
    if (ready)
        watch->ready(watch->argument, ready);
    /* A destroyed watch is still in memory here, and closing. */
    if (!uv_is_closing((uv_handle_t *)&watch->uv) && !watch->armed && watch->wanted)
        arm(watch);
}

struct loop_fd *loop_fd_new(struct loop *loop, int fd, int events, loop_fd_fn *ready,
                            void *argument)
{
    struct loop_fd *watch = xcalloc(1, sizeof *watch);

    check(uv_poll_init(&loop->uv, &watch->uv, fd));
    watch->uv.data = watch;
    watch->loop = loop;
    watch->ready = ready;
    watch->argument = argument;
    watch->wanted = events;
    arm(watch);
    return watch;
}

void loop_fd_watch(struct loop_fd *watch, int events)
{
    if (watch->wanted == events && (watch->armed || events == 0))
        return;
    watch->wanted = events;
    arm(watch);
}

void loop_fd_destroy(struct loop_fd **watch)
{
    if (!*watch)
        return;
    uv_close((uv_handle_t *)&(*watch)->uv, free_handle);
    *watch = NULL;
}

static void on_due(uv_timer_t *handle)
{
    struct loop_timer *timer = handle->data;

    wake(timer->loop);
    timer->due(timer->argument);
}

struct loop_timer *loop_timer_new(struct loop *loop, int64_t delay_ms, int64_t repeat_ms,
                                  loop_timer_fn *due, void *argument)
{
    struct loop_timer *timer = xcalloc(1, sizeof *timer);

    check(uv_timer_init(&loop->uv, &timer->uv));
    timer->uv.data = timer;
    timer->loop = loop;
    timer->due = due;
    timer->argument = argument;
    loop_timer_set(timer, delay_ms, repeat_ms);
    return timer;
}

void loop_timer_set(struct loop_timer *timer, int64_t delay_ms, int64_t repeat_ms)
{
    assert(delay_ms >= 0 && repeat_ms >= 0);
    /* libuv counts from when the turn began, which would let the timer come early by what the turn
     * has taken so far. And one set to 0 by its own callback would run again in the same turn, for
     * ever. */
    uint64_t now_ms = uv_hrtime() / 1000000;
    uint64_t turn_ms = uv_now(&timer->loop->uv);
    uint64_t late_ms = now_ms > turn_ms ? now_ms - turn_ms : 0;
    uint64_t from_turn_ms = late_ms + (uint64_t)delay_ms;

    check(uv_timer_start(&timer->uv, on_due, from_turn_ms > 0 ? from_turn_ms : 1,
                         (uint64_t)repeat_ms));
}

void loop_timer_stop(struct loop_timer *timer)
{
    check(uv_timer_stop(&timer->uv));
}

void loop_timer_destroy(struct loop_timer **timer)
{
    if (!*timer)
        return;
    uv_close((uv_handle_t *)&(*timer)->uv, free_handle);
    *timer = NULL;
}

void loop_before_wait(struct loop *loop, loop_hook_fn *hook, void *argument)
{
    struct hook *hooks = xrealloc(loop->hooks, (loop->hook_count + 1) * sizeof *hooks);

    loop->hooks = hooks;
    loop->hooks[loop->hook_count++] = (struct hook){hook, argument};
}

void loop_before_wait_end(struct loop *loop, loop_hook_fn *hook, void *argument)
{
    for (size_t i = 0; i < loop->hook_count; i++) {
        if (loop->hooks[i].run == hook && loop->hooks[i].argument == argument) {
            loop->hooks[i].run = NULL;
            loop->hooks_ended = true;
            return;
        }
    }
    assert(false);
}

static void on_raised(uv_signal_t *handle, int number)
{
    struct loop_signal *watch = handle->data;

    (void)number;
    wake(watch->loop);
    watch->raised(watch->argument);
}

void loop_on_signal(struct loop *loop, int signal_number, loop_timer_fn *raised, void *argument)
{
    struct loop_signal *watch = xcalloc(1, sizeof *watch);

    check(uv_signal_init(&loop->uv, &watch->uv));
    watch->uv.data = watch;
    watch->loop = loop;
    watch->raised = raised;
    watch->argument = argument;
    check(uv_signal_start(&watch->uv, on_raised, signal_number));
}

uint64_t loop_turns(const struct loop *loop)
{
    return loop->turns;
}

int64_t loop_now_us(const struct loop *loop)
{
    return loop->turn_began_us;
}
