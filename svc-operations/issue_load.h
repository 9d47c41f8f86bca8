/* Issues as several handlers read them. */
#ifndef TRACTION_ISSUE_LOAD_H
#define TRACTION_ISSUE_LOAD_H

#include "issues.h"
#include "op.h"

/* The issue of the path as it is now, outside the transaction: for what has to be looked up before
 * it begins. False after a fault: not found, or another version than the caller wants. */
bool issue_read_unlocked(struct op *op, struct issue *issue);
/* The same inside the transaction, locked until the commit by `lock`. */
bool issue_lock(struct op *op, struct statement *lock, struct issue *issue);

#endif
