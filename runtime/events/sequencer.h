/* Moves events from the outbox to the log, where each gets its sequence number, and then publishes
 * them. All replicas of a service do so, one at a time.
 *
 * Woken by sequencer_notify after every commit that added to the outbox; it also checks every
 * second, for events of a replica that died between its commit and its call of sequencer_notify. */
#ifndef TRACTION_SEQUENCER_H
#define TRACTION_SEQUENCER_H

#include <stdint.h>

#include "bus_publisher.h"
#include "db.h"
#include "loop.h"

struct sequencer;

/* Nothing may run in its fiber any more when it is destroyed. The publisher outlives it. */
struct sequencer *sequencer_new(struct loop *loop, struct database *database,
                                struct bus_publisher *publisher);
void sequencer_destroy(struct sequencer **sequencer);

/* There may be something in the outbox. Cheap, from anywhere on the loop's thread. */
void sequencer_notify(struct sequencer *sequencer);

struct sequencer_counts {
    int64_t head;            /* the log's last number, as far as this replica knows */
    double waiting_seconds;  /* age of the oldest event in the outbox at the last look */
    uint64_t events;         /* moved by this replica */
    uint64_t batches, looks; /* transactions to move some, and looks whether there are any */
    uint64_t failures;       /* of the former */
};
struct sequencer_counts sequencer_counts(const struct sequencer *sequencer);

#endif
