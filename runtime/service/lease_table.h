/* The statements on the table of who holds leases (docs/goal-cache.md). Each is a transaction of
 * its own, in no tenant's name; false when the database was not reached. */
#ifndef TRACTION_LEASE_TABLE_H
#define TRACTION_LEASE_TABLE_H

#include "lease_calls.h"
#include "process.h"

struct lease_row {
    struct uuid holder;
    bool revoked;
};

/* All holders, struct lease_row, in `arena`. */
bool lease_table_read(struct process *process, struct arena *arena, struct list *rows);
bool lease_table_add(struct process *process, struct arena *arena, struct uuid holder);
/* From its commit on they do not renew. */
bool lease_table_revoke(struct process *process, struct arena *arena, struct uuids holders);
bool lease_table_delete(struct process *process, struct arena *arena, struct uuids holders);
bool lease_table_renew(struct process *process, struct arena *arena, struct uuid holder,
                       struct lease_state *state);

#endif
