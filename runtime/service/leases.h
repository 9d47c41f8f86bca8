/* Leases (Gray and Cheriton, "Leases: an efficient fault-tolerant mechanism for distributed file
 * cache consistency", 1989): replicas of svc-goals keep answers in memory, and no writer
 * acknowledges a change before every one of them knows of it or has no valid lease any more. Why no
 * answer is stale is written in docs/goal-cache.md. */
#ifndef TRACTION_SERVICE_LEASES_H
#define TRACTION_SERVICE_LEASES_H

#include "admin.h"
#include "op.h"

/* Of a program whose tables are kept from elsewhere; what it changes is told (the triggers of
 * invalidate_by() name it, so handlers have nothing to do with it). */
struct lease_spec {
    /* Of a program that keeps: nothing that depends on one of these tags is answered any more; NULL
     * means everything. Also what was read and not kept yet counts. Else NULL. */
    void (*invalidated)(const uint64_t *tags, size_t count);
    /* Whose tables it keeps besides its own: those of one more service, which it calls. */
    enum service also;
};

/* Whether what is kept may be answered at this moment, or kept. Asking is also what keeps leases
 * from ending: a process that does not use them renews none. */
bool leases_are_valid(struct process *process);

/* The operations of those who keep and of those whose tables are kept. */
void goals_invalidate(struct op *op);
void holder_register(struct op *op);
void lease_renew(struct op *op);

/* --- For runtime/service --- */

struct leases;

/* NULL when the program has no lease_spec, or the memory is turned off: then it tells nobody, and
 * the database ends the leases of whoever still has one. Before the database is opened, which gets
 * leases_invalidate with the process. */
void leases_new(struct process *process);
void leases_destroy(struct process *process);
/* From now on it holds and looks after leases; and ends them, when the process is stopping. */
void leases_start(struct process *process);
void leases_end(struct process *process);
/* database_config.invalidate */
bool leases_invalidate(void *process, struct arena *arena, const struct texts *changed);
/* Of a write whose first run may have ended before it told anybody: everything of the tenant. */
bool leases_invalidate_tenant(struct op *op);
void leases_collect(const struct process *process, struct metrics *metrics);

#endif
