/* All issue types of a tenant: SYSTEM ones and its own. */
#ifndef TRACTION_TYPE_LOAD_H
#define TRACTION_TYPE_LOAD_H

#include "issue_config.h"
#include "op.h"

/* By order, inactive ones included. */
bool types_load(struct op *op, struct list *types);

/* `chosen` is the tenant's default; none: the SYSTEM one. */
void types_mark_default(struct issue_type *types, size_t count, struct uuid chosen);

#endif
