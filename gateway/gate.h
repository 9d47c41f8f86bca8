/* Decides whether one more request may wait for a service. A queue that only stands there serves
 * nobody sooner: when most replies come late, so much is refused at once that the rest waits for
 * about the time that is allowed. A short rush, or slow requests among quick ones, refuse nothing.
 * Knows times and numbers only. */
#ifndef TRACTION_GATE_H
#define TRACTION_GATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { GATE_INTERVAL_US = 200 * 1000, GATE_LEAST = 64 };

/* All zero but the first two is a gate at rest. */
struct gate {
    int64_t allowed_us; /* for which a request may wait before others are refused */
    size_t most;    /* that may wait in any case: beyond, the service itself would refuse, later */
    size_t waiting; /* admitted, not replied yet */
    int64_t began_us;              /* of the interval under way; what follows is of it */
    size_t replies, late, lateish; /* beyond what is allowed, and beyond half of it */
    bool refused;
    bool standing; /* since an interval with few replies in time */
    double rate;   /* replies a microsecond, of the last intervals */
};

/* False: to be refused. True: counted as waiting, until gate_leave. */
bool gate_enter(struct gate *gate, int64_t now_us);
/* `took_us` since it was sent; below 0 when it was not served. */
void gate_leave(struct gate *gate, int64_t now_us, int64_t took_us);

#endif
