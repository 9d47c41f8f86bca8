/* The rules of actions. Nothing here reads or writes the database. */
#ifndef TRACTION_ACTION_RULES_H
#define TRACTION_ACTION_RULES_H

#include "actions.h"
#include "op.h"

/* Fills what the caller of a create left open. */
void action_defaults(struct action *action);
/* What follows from a change of `before`, which is NULL for a new action: status and progress
 * agree, and it was entered some time. */
void action_settle(struct action *action, const struct action *before, struct timestamp now);
/* Gathers what the field table cannot find, for op_valid. */
void action_check(struct op *op, const struct action *action);

#endif
