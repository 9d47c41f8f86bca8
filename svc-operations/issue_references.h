/* What an issue refers to: type, status, people, links. Looked up before the transaction begins,
 * locked in it. */
#ifndef TRACTION_ISSUE_REFERENCES_H
#define TRACTION_ISSUE_REFERENCES_H

#include "config_names.h"
#include "issues.h"
#include "links.h"
#include "op.h"

/* Finds type, status (the defaults where the issue names none), names and links, and reports
 * everything that does not exist, together with the errors that were collected before. `before` is
 * the issue without the change; NULL for a new one. */
bool issue_look_up(struct op *op, const struct issue *before, const struct issue_choice *choice,
                   struct issue *issue);
/* In the transaction: locks all of it until the commit. */
bool issue_secure(struct op *op, enum links_lock lock, const struct issue *before,
                  const struct issue_choice *choice, struct issue *issue);

#endif
