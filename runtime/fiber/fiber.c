/* The fiber scheduler: ready queue, stacks, deadlines. It must not know what fibers wait for, and
 * it runs fibers from the loop's before-wait hook only, so a fiber never runs inside a callback. */
#define _DEFAULT_SOURCE /* MAP_ANONYMOUS, MAP_NORESERVE, MAP_STACK */

#include "fiber.h"

#include <assert.h>
#include <setjmp.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>

#include "log.h"
#include "memory.h"
#include "timestamp.h"

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#endif

/* How often deadlines are looked at. Waits end up to this much late; setting one costs two pointer
 * writes, which matters because nearly every wait sets one and nearly none comes due. */
enum { TICK_MS = 10 };

enum fiber_state {
    FIBER_FREE,    /* in the free list; its stack, once mapped, is kept */
    FIBER_READY,   /* in the ready queue */
    FIBER_RUNNING, /* the one that has the processor */
    FIBER_PARKED,
    FIBER_YIELDED, /* goes on in the next turn */
};

struct fiber {
    jmp_buf context; /* where it left */
    enum fiber_state state;
    bool begun;  /* has a context */
    bool woken;  /* since it last parked */
    char *stack; /* above the guard page; NULL until first used */
    void (*run)(void *argument);
    void *argument;
    const struct log_context *log;
    struct fiber *next;  /* in the ready queue, the free list or among the yielded */
    int64_t deadline_us; /* meaningful while in the waiting list */
    struct fiber *wait_next, *wait_previous;
    void *fake_stack; /* ASan's */
};

static struct {
    struct loop *loop;
    struct fiber *fibers;
    size_t max, alive;
    size_t stack_size, page_size;
    struct fiber *free;
    struct fiber *ready_first, **ready_last;
    size_t ready_count;
    struct fiber *running;
    struct fiber *waiting; /* parked with a deadline, in no order */
    struct fiber *yielded;
    struct loop_timer *next_turn;
    struct loop_timer *tick;
    bool ticking;
    jmp_buf context;        /* the loop's own stack */
    ucontext_t birth;       /* of the fiber that begins */
    const void *loop_stack; /* ASan's view of it */
    size_t loop_stack_size;
} fibers;

static void switch_begins(void **fake_stack, const void *stack, size_t size)
{
#ifdef __SANITIZE_ADDRESS__
    __sanitizer_start_switch_fiber(fake_stack, stack, size);
#else
    (void)fake_stack;
    (void)stack;
    (void)size;
#endif
}

static void switch_ends(void *fake_stack, const void **from_stack, size_t *from_size)
{
#ifdef __SANITIZE_ADDRESS__
    __sanitizer_finish_switch_fiber(fake_stack, from_stack, from_size);
#else
    (void)fake_stack;
    (void)from_stack;
    (void)from_size;
#endif
}

/* Switches are jumps: swapcontext asks the kernel for the signal mask each time (324 ns instead of
 * 11), which no fiber changes. */

/* From the running fiber back to the scheduler; returns when the fiber runs again. */
static void leave(struct fiber *self)
{
    switch_begins(&self->fake_stack, fibers.loop_stack, fibers.loop_stack_size);
    if (_setjmp(self->context) == 0)
        _longjmp(fibers.context, 1);
    switch_ends(self->fake_stack, &fibers.loop_stack, &fibers.loop_stack_size);
}

static void fiber_body(void);

/* Switches to a stack that was not used before. It has no local variables, because ASan would never
 * learn that they are dead. */
static _Noreturn void begin(struct fiber *fiber)
{
    fiber->begun = getcontext(&fibers.birth) == 0;
    assert(fiber->begun);
    fibers.birth.uc_stack.ss_sp = fiber->stack;
    fibers.birth.uc_stack.ss_size = fibers.stack_size;
    fibers.birth.uc_link = NULL;
    makecontext(&fibers.birth, fiber_body, 0);
    setcontext(&fibers.birth);
    abort();
}

/* From the scheduler into a fiber; returns when it parks or ends. */
static void enter(struct fiber *fiber)
{
    const struct log_context *outside = log_use(fiber->log);
    void *fake_stack = NULL;
    fiber->state = FIBER_RUNNING;
    fibers.running = fiber;
    switch_begins(&fake_stack, fiber->stack, fibers.stack_size);
    if (_setjmp(fibers.context) == 0) {
        if (fiber->begun)
            _longjmp(fiber->context, 1);
        begin(fiber);
    }
    switch_ends(fake_stack, NULL, NULL);
    fibers.running = NULL;
    fiber->log = log_use(outside);
}

/* The bottom of every stack. It never returns: a fiber that ended waits here for its next task, so
 * a stack is set up once. */
static void fiber_body(void)
{
    switch_ends(NULL, &fibers.loop_stack, &fibers.loop_stack_size);
    for (;;) {
        struct fiber *self = fibers.running;
        self->run(self->argument);
        log_use(NULL);
        self->state = FIBER_FREE;
        self->next = fibers.free;
        fibers.free = self;
        fibers.alive--;
        leave(self);
    }
}

static void stack_map(struct fiber *fiber)
{
    size_t size = fibers.page_size + fibers.stack_size;
    char *memory = mmap(NULL, size, PROT_READ | PROT_WRITE,
                        /* cppcheck-suppress invalidFunctionArg ; no file, as mmap(2) wants it */
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK, -1, 0);
    if (memory == MAP_FAILED || mprotect(memory, fibers.page_size, PROT_NONE)) {
        log_error("cannot map a fiber's stack", LOG_INT("size", (int64_t)size));
        abort();
    }
    fiber->stack = memory + fibers.page_size;
}

static void stack_unmap(struct fiber *fiber)
{
    if (!fiber->stack)
        return;
#ifdef __SANITIZE_ADDRESS__
    __asan_unpoison_memory_region(fiber->stack, fibers.stack_size);
#endif
    munmap(fiber->stack - fibers.page_size, fibers.page_size + fibers.stack_size);
}

static void make_ready(struct fiber *fiber)
{
    fiber->state = FIBER_READY;
    fiber->next = NULL;
    *fibers.ready_last = fiber;
    fibers.ready_last = &fiber->next;
    fibers.ready_count++;
}

/* Runs those that are ready now; whom they wake runs in the next round, after the other hooks. */
static bool run_ready(void *argument)
{
    (void)argument;
    size_t count = fibers.ready_count;
    for (size_t i = 0; i < count; i++) {
        struct fiber *fiber = fibers.ready_first;
        fibers.ready_first = fiber->next;
        if (!fibers.ready_first)
            fibers.ready_last = &fibers.ready_first;
        fibers.ready_count--;
        enter(fiber);
    }
    return count > 0;
}

static void waiting_add(struct fiber *fiber, int64_t deadline_us)
{
    fiber->deadline_us = deadline_us;
    fiber->wait_previous = NULL;
    fiber->wait_next = fibers.waiting;
    if (fibers.waiting)
        fibers.waiting->wait_previous = fiber;
    fibers.waiting = fiber;
    if (!fibers.ticking) {
        loop_timer_set(fibers.tick, TICK_MS, TICK_MS);
        fibers.ticking = true;
    }
}

static void waiting_remove(struct fiber *fiber)
{
    if (fiber->wait_previous)
        fiber->wait_previous->wait_next = fiber->wait_next;
    else
        fibers.waiting = fiber->wait_next;
    if (fiber->wait_next)
        fiber->wait_next->wait_previous = fiber->wait_previous;
}

static void check_deadlines(void *argument)
{
    (void)argument;
    /* The timer is stopped here and not when the last waiter ends, because waits start and end
     * within a tick. */
    if (!fibers.waiting) {
        loop_timer_stop(fibers.tick);
        fibers.ticking = false;
        return;
    }
    int64_t now_us = monotonic_us();
    for (struct fiber *fiber = fibers.waiting; fiber; fiber = fiber->wait_next) {
        if (fiber->state == FIBER_PARKED && fiber->deadline_us <= now_us)
            make_ready(fiber);
    }
}

static void on_next_turn(void *argument)
{
    (void)argument;
    while (fibers.yielded) {
        struct fiber *fiber = fibers.yielded;
        fibers.yielded = fiber->next;
        make_ready(fiber);
    }
}

void fiber_init(struct loop *loop, size_t max, size_t stack_size)
{
    assert(!fibers.loop && max > 0);
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    fibers.page_size = page;
    fibers.stack_size = (stack_size + page - 1) / page * page;
    assert(fibers.stack_size > 0);
    fibers.fibers = xcalloc(max, sizeof *fibers.fibers);
    fibers.loop = loop;
    fibers.max = max;
    fibers.ready_last = &fibers.ready_first;
    for (size_t i = max; i-- > 0;) {
        fibers.fibers[i].next = fibers.free;
        fibers.free = &fibers.fibers[i];
    }
    fibers.tick = loop_timer_new(loop, TICK_MS, TICK_MS, check_deadlines, NULL);
    fibers.ticking = true;
    fibers.next_turn = loop_timer_new(loop, 0, 0, on_next_turn, NULL);
    loop_before_wait(loop, run_ready, NULL);
}

void fiber_shutdown(void)
{
    assert(fibers.loop && fibers.alive == 0 && !fibers.running);
    for (size_t i = 0; i < fibers.max; i++)
        stack_unmap(&fibers.fibers[i]);
    free(fibers.fibers);
    loop_before_wait_end(fibers.loop, run_ready, NULL);
    loop_timer_destroy(&fibers.tick);
    loop_timer_destroy(&fibers.next_turn);
    fibers.fibers = NULL;
    fibers.free = NULL;
    fibers.loop = NULL;
    fibers.max = 0;
    fibers.ticking = false;
}

bool fiber_start(void (*run)(void *argument), void *argument)
{
    struct fiber *fiber = fibers.free;
    if (!fiber)
        return false;
    fibers.free = fiber->next;
    fibers.alive++;
    if (!fiber->stack)
        stack_map(fiber);
    fiber->run = run;
    fiber->argument = argument;
    fiber->log = NULL;
    fiber->woken = false;
    make_ready(fiber);
    return true;
}

size_t fiber_count(void)
{
    return fibers.alive;
}

struct fiber *fiber_self(void)
{
    return fibers.running;
}

void fiber_park(void)
{
    struct fiber *self = fibers.running;
    assert(self);
    if (!self->woken) {
        self->state = FIBER_PARKED;
        leave(self);
    }
    self->woken = false;
}

void fiber_yield_in_time(void)
{
    struct fiber *self = fibers.running;

    if (!self || monotonic_us() - loop_now_us(fibers.loop) < FIBER_TURN_US)
        return;
    self->state = FIBER_YIELDED;
    self->next = fibers.yielded;
    fibers.yielded = self;
    loop_timer_set(fibers.next_turn, 0, 0);
    leave(self);
}

void fiber_wake(struct fiber *fiber)
{
    assert(fiber->state != FIBER_FREE);
    fiber->woken = true;
    if (fiber->state == FIBER_PARKED)
        make_ready(fiber);
}

bool fiber_park_until(int64_t deadline_us)
{
    struct fiber *self = fibers.running;
    assert(self);
    if (!self->woken) {
        if (deadline_us <= monotonic_us())
            return false;
        waiting_add(self, deadline_us);
        self->state = FIBER_PARKED;
        leave(self);
        waiting_remove(self);
    }
    bool woken = self->woken;
    self->woken = false;
    return woken;
}

void fiber_sleep(int64_t delay_ms)
{
    int64_t deadline_us = monotonic_us() + delay_ms * 1000;
    bool woken = false;
    /* A wake that falls into the sleep is kept for the park that it was meant for. */
    while (monotonic_us() < deadline_us)
        woken = fiber_park_until(deadline_us) || woken;
    fibers.running->woken = fibers.running->woken || woken;
}
