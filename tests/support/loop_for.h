/* Lets a test's loop run for a while. A header alone, since the layers below the loop have tests,
 * too. */
#ifndef TRACTION_LOOP_FOR_H
#define TRACTION_LOOP_FOR_H

#include "loop.h"

static inline void loop_for_stop(void *loop)
{
    loop_stop(loop);
}

/* Runs the loop for that long, or until somebody stops it. */
static inline void loop_for_ms(struct loop *loop, int64_t delay_ms)
{
    struct loop_timer *timer = loop_timer_new(loop, delay_ms, 0, loop_for_stop, loop);

    loop_run(loop);
    loop_timer_destroy(&timer);
}

#endif
