/* The event loop of a process: one thread, one loop. A thin layer over libuv, which is included
 * here only. Callbacks run on the loop's thread; handles are destroyed by their x_destroy function
 * and may be destroyed from inside their own callback. */
#ifndef TRACTION_LOOP_H
#define TRACTION_LOOP_H

#include <stdbool.h>
#include <stdint.h>

struct loop;
struct loop_fd;
struct loop_timer;

enum { LOOP_READ = 1, LOOP_WRITE = 2 };

struct loop *loop_new(void);
/* Also frees the watches and timers that are left: they must not be used afterwards. */
void loop_destroy(struct loop **loop);
/* Runs until loop_stop. */
void loop_run(struct loop *loop);
void loop_stop(struct loop *loop);

/* Calls `ready` when the descriptor can be read or written (level triggered; an error or a hang-up
 * reports all events waited for). Does not own the descriptor, which must stay open until the
 * watch is destroyed; one watch for each descriptor. */
typedef void loop_fd_fn(void *argument, int events);
struct loop_fd *loop_fd_new(struct loop *loop, int fd, int events, loop_fd_fn *ready,
                            void *argument);
/* Changes what is waited for; cheap when equal. */
void loop_fd_watch(struct loop_fd *watch, int events);
void loop_fd_destroy(struct loop_fd **watch);

/* Once after `delay_ms`, then every `repeat_ms` when that is not 0. Never early, and never in the
 * turn that set it: a delay of 0 is up to a millisecond. */
typedef void loop_timer_fn(void *argument);
struct loop_timer *loop_timer_new(struct loop *loop, int64_t delay_ms, int64_t repeat_ms,
                                  loop_timer_fn *due, void *argument);
/* Restarts the timer. */
void loop_timer_set(struct loop_timer *timer, int64_t delay_ms, int64_t repeat_ms);
void loop_timer_stop(struct loop_timer *timer);
void loop_timer_destroy(struct loop_timer **timer);

/* Called each turn before the loop waits, to flush what the turn has queued. Hooks run in the order
 * they were added, repeatedly until all of them return false (true: it did work that may have
 * caused more work), so no work is left when the loop waits. */
typedef bool loop_hook_fn(void *argument);
void loop_before_wait(struct loop *loop, loop_hook_fn *hook, void *argument);
/* Ends it; also from inside a hook. */
void loop_before_wait_end(struct loop *loop, loop_hook_fn *hook, void *argument);

/* SIGTERM, SIGINT, SIGHUP... instead of the default action. */
void loop_on_signal(struct loop *loop, int signal_number, loop_timer_fn *raised, void *argument);

/* The loop's turn counter and when this turn began (CLOCK_MONOTONIC, microseconds), for /livez. */
uint64_t loop_turns(const struct loop *loop);
int64_t loop_now_us(const struct loop *loop);

#endif
