/* Little's law: what waits is what leaves in a second times the seconds that it waits. Intervals
 * are closed by whoever comes next, so that a gate costs nothing while nothing happens. */
#include "gate.h"

static void close_interval(struct gate *gate, int64_t now_us)
{
    int64_t lasted_us = now_us - gate->began_us;

    if (lasted_us < GATE_INTERVAL_US)
        return;
    if (gate->replies > 0) {
        double rate = (double)gate->replies / (double)lasted_us;
        gate->rate = gate->rate > 0 ? (gate->rate + rate) / 2 : rate;
        /* Once it stands, a gate that refuses keeps the replies just in time: that is no end. */
        gate->standing = gate->late * 4 > gate->replies * 3 ||
                         (gate->standing && (gate->refused || gate->lateish * 2 > gate->replies));
    }
    gate->began_us = now_us;
    gate->replies = gate->late = gate->lateish = 0;
    gate->refused = false;
}

bool gate_enter(struct gate *gate, int64_t now_us)
{
    close_interval(gate, now_us);
    bool stands = gate->standing && gate->waiting >= GATE_LEAST &&
                  (double)gate->waiting >= gate->rate * (double)gate->allowed_us;
    if (stands || gate->waiting >= gate->most) {
        gate->refused = true;
        return false;
    }
    gate->waiting++;
    return true;
}

void gate_leave(struct gate *gate, int64_t now_us, int64_t took_us)
{
    gate->waiting--;
    if (took_us >= 0) {
        gate->replies++;
        gate->late += took_us > gate->allowed_us;
        gate->lateish += took_us > gate->allowed_us / 2;
    }
    close_interval(gate, now_us);
}
