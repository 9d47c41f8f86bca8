/* The rules of issues, and the SYSTEM types and statuses in them. Nothing here reads or writes the
 * database. */
#ifndef TRACTION_ISSUE_RULES_H
#define TRACTION_ISSUE_RULES_H

#include "issues.h"
#include "op.h"

/* Gathers what the field table cannot find, for op_valid. */
void issue_check(struct op *op, const struct issue *issue);
/* What follows from a change of `before`, which is NULL for a new issue: since when it is closed,
 * and when it was reported. */
void issue_settle(struct issue *issue, const struct issue *before, struct timestamp now);
/* Fills the embedded type and status: ids, and what no row says of SYSTEM ones. An issue that a
 * program of release 3.0 has closed counts as resolved at its last change. */
void issue_complete(struct issue *issues, size_t count);

struct issue_config config_of_type(const struct issue_type *type);
struct issue_config config_of_status(const struct issue_status *status);

#endif
