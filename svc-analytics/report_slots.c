/* Slots for report-writer: a few run at once, and a few more reports wait, handed out tenant by
 * tenant by the time that their reports take, so that who asks for many waits behind itself. */
#include "owner.h"
#include "report_parts.h"
#include "timestamp.h"

enum { SLOTS = 2, WAITING_MAX = 16 };

static struct fair_queue *queue; /* made with the first report, and kept */
static struct shares *shares;    /* of those that wait and run */

static void open_queue(void)
{
    if (queue)
        return;
    queue = fair_queue_new();
    fair_queue_slots(queue, 0, SLOTS, 0);
    shares = shares_new(SLOTS + WAITING_MAX);
}

static void start_waiting(void)
{
    struct fair_item *item;

    while ((item = fair_start_next(queue, 0)) != NULL) {
        struct report_slot *slot = OWNER_OF(item, struct report_slot, place);
        slot->since_us = monotonic_us();
        slot->taken = true;
        fiber_wake(slot->fiber);
    }
}

static bool enter(struct op *op, struct report_slot *slot)
{
    switch (shares_take(shares, op->request->tenant, &slot->share)) {
    case SHARE_TAKEN:
        return true;
    case SHARE_USED_UP:
        return op_fail_because(op, STATUS_RATE_LIMITED,
                               "Too many reports of your tenant are being made at the moment");
    case SHARE_FULL:
        break;
    }
    return op_fail_because(op, STATUS_SERVICE_UNAVAILABLE,
                           "Too many reports are being made at the moment");
}

bool report_slot_take(struct op *op, struct report_slot *slot, int64_t deadline_us)
{
    *slot = (struct report_slot){.fiber = fiber_self()};
    open_queue();
    if (!enter(op, slot))
        return false;
    fair_add(queue, 0, &slot->place, op->request->tenant);
    start_waiting();
    while (!slot->taken && !op_cancelled(op) && fiber_park_until(deadline_us))
        continue;
    if (slot->taken)
        return true;
    fair_remove(queue, &slot->place);
    shares_give_back(shares, &slot->share);
    return op_fail(op, STATUS_UPSTREAM_TIMEOUT);
}

void report_slot_release(struct report_slot *slot)
{
    fair_done(queue, &slot->place, monotonic_us() - slot->since_us);
    shares_give_back(shares, &slot->share);
    start_waiting();
}
