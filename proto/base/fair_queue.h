/* Items of many tenants that wait for slots, handed out tenant by tenant and by cost, so that a
 * tenant that queues much delays itself and not the others.
 *
 * The order is start-time fair queueing (Goyal, Vin, Cheng: "Start-time Fair Queuing", SIGCOMM
 * 1996): each tenant has a tag, the virtual time at which its next item may start; the lowest tag
 * is next, an item moves its tenant's tag on by its cost, and the queue's virtual time is the tag
 * of what was started last. A tenant that had nothing waiting begins at the virtual time: being
 * idle earns nothing. Costs are known only afterwards, so an item is charged what its tenant's
 * items have cost on average when it starts, and the difference when it is done.
 *
 * A few slots are kept for tenants below their share: the last `reserve` free ones go to those that
 * hold fewer than the slots divided by the tenants that want some, one that may come included. A
 * tenant that is alone gets all the others.
 *
 * Classes are kinds of items with slots of their own, whose costs count together. Items without a
 * tenant are the product's own work: first in line, charged nothing and not held to a share.
 *
 * Every operation takes O(log n) for n tenants, fair_next besides as often as tenants ahead are at
 * their share. A tenant with neither waiting nor running items takes no memory, except while others
 * wait and its tag is ahead of the virtual time, and at most FAIR_IDLE_MAX of those. */
#ifndef TRACTION_FAIR_QUEUE_H
#define TRACTION_FAIR_QUEUE_H

#include <stddef.h>
#include <stdint.h>

#include "str.h"

enum {
    FAIR_CLASSES = 3,
    FAIR_IDLE_MAX = 1024,
    FAIR_TENANT_MAX = 512, /* bytes of a tenant's id that are told apart: all of a valid one */
};

struct fair_queue;
struct fair_tenant;

/* Embedded in the owner's struct, which stays until fair_remove or fair_done. All of it is private.
 */
struct fair_item {
    struct fair_tenant *tenant;
    struct fair_item *next, *before; /* of its tenant and class */
    unsigned class;
    int64_t charged; /* in advance, when it started */
};

struct fair_queue *fair_queue_new(void);
/* Asserts that nothing waits or runs. */
void fair_queue_destroy(struct fair_queue **queue);
/* How many items of that class may run at once, and how many of these slots are the reserve. */
void fair_queue_slots(struct fair_queue *queue, unsigned class, size_t slots, size_t reserve);

/* The item waits, behind those of its tenant and class. */
void fair_add(struct fair_queue *queue, unsigned class, struct fair_item *item, struct str tenant);
/* Whose turn it is when so many slots are free; NULL: nobody's. It goes on waiting until fair_start
 * or fair_remove. */
struct fair_item *fair_next(struct fair_queue *queue, unsigned class, size_t free);
/* Starts whose turn it is, when the class has a free slot; NULL: nobody. For who counts no slots
 * otherwise. */
struct fair_item *fair_start_next(struct fair_queue *queue, unsigned class);
/* Of two items that fair_next answered for different classes: whether `a` is before `b`. */
int64_t fair_compare(const struct fair_item *a, const struct fair_item *b);
/* A waiting item waits no more. */
void fair_remove(struct fair_queue *queue, struct fair_item *item);
/* A waiting item begins to run. */
void fair_start(struct fair_queue *queue, struct fair_item *item);
/* A running item has ended and has cost that much, in the unit of the owner's choice. */
void fair_done(struct fair_queue *queue, struct fair_item *item, int64_t cost);
/* What the tenant's items of that class have cost on average; of all tenants' when it is new. */
int64_t fair_expected(const struct fair_queue *queue, const struct fair_item *item);

size_t fair_waiting(const struct fair_queue *queue, unsigned class);
size_t fair_running(const struct fair_queue *queue, unsigned class);
size_t fair_tenants(const struct fair_queue *queue); /* that it has in memory */

#endif
