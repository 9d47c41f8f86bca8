/* What an issue refers to: its type and status, its people, what it is linked to. Looked up before
 * the transaction begins, held in it. */
#ifndef TRACTION_ISSUE_REFERENCES_H
#define TRACTION_ISSUE_REFERENCES_H

#include "config_names.h"
#include "issues.h"
#include "links.h"
#include "op.h"

/* Finds type, status (the defaults where the issue names none), names and links, and tells of
 * everything that is not there, together with the faults that were gathered before. `before` is
 * the issue without the change; NULL for a new one. */
bool issue_look_up(struct op *op, const struct issue *before, const struct issue_choice *choice,
                   struct issue *issue);
/* In the transaction: makes sure that all of it stays until the commit. */
bool issue_secure(struct op *op, enum links_lock lock, const struct issue *before,
                  const struct issue_choice *choice, struct issue *issue);

#endif
