/* Fibers: handlers are sequential code while one thread serves hundreds of requests. A fiber runs
 * until it parks; when what it waits for is there, it is woken, and the scheduler runs it later in
 * the same loop turn. Stacks are mapped once, protected by a guard page, and reused. Built on
 * ucontext and longjmp; every switch is annotated for ASan. One scheduler per process. */
#ifndef TRACTION_FIBER_H
#define TRACTION_FIBER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "loop.h"

struct fiber;

/* At most `max` fibers at once, `stack_size` bytes each (rounded up to pages). The loop's
 * before-wait hook runs the fibers that are ready. */
void fiber_init(struct loop *loop, size_t max, size_t stack_size);
void fiber_shutdown(void); /* asserts that no fiber is alive */

/* Starts `run(argument)` in a fiber of its own, later in this turn. False when all are in use. */
bool fiber_start(void (*run)(void *argument), void *argument);
size_t fiber_count(void); /* alive now */

struct fiber *fiber_self(void); /* NULL on the loop's own stack */

/* Suspends the fiber until fiber_wake. A wake that came before is not lost: park returns at once.
 */
void fiber_park(void);
void fiber_wake(struct fiber *fiber); /* waking twice counts once */

/* For work of many milliseconds, such as packing megabytes: when this turn of the loop has taken
 * longer than FIBER_TURN_US, the fiber goes on in the next one, and other requests go in between.
 */
enum { FIBER_TURN_US = 2000 };
void fiber_yield_in_time(void);

/* Parks for at least that long. */
void fiber_sleep(int64_t delay_ms);
/* Parks until woken or `deadline_us` (monotonic_us()); false when the time has passed. */
bool fiber_park_until(int64_t deadline_us);

#endif
