/* Actions as several handlers read, change and save them. */
#ifndef TRACTION_ACTION_LOAD_H
#define TRACTION_ACTION_LOAD_H

#include "actions.h"
#include "op.h"

/* The action of the path as it is now, outside the transaction: for what has to be looked up before
 * it begins. False after a fault: not found, or another version than the caller wants. */
bool action_read_unlocked(struct op *op, struct action *action);
/* The same inside the transaction, locked against other changes until the commit. */
bool action_lock(struct op *op, struct action *action);
/* The same, also locked against new links to it. */
bool action_lock_for_delete(struct op *op, struct action *action);

/* Counts the change and queues the row and its links; `before` is what action_lock gave. */
void action_save(struct op *op, const struct action *before, struct action *action);

#endif
