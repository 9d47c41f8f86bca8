/* All statuses of a tenant: SYSTEM ones where it has put them, and its own. */
#ifndef TRACTION_STATUS_LOAD_H
#define TRACTION_STATUS_LOAD_H

#include "issue_config.h"
#include "op.h"

/* By category and order, inactive ones included. */
bool statuses_load(struct op *op, struct list *statuses);

/* The status of the path: a SYSTEM one, or the tenant's own by `statement`. False after a fault:
 * not found, or another version than the caller wants. */
bool status_find(struct op *op, struct statement *statement, struct issue_status *status);

#endif
