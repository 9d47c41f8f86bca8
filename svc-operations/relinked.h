/* Actions and issues that change because the other end of a link does. */
#ifndef TRACTION_RELINKED_H
#define TRACTION_RELINKED_H

#include "op.h"

/* Increments the version of each of them, and adds an event that names `by`, the issue or action at
 * the other end, as its cause. Their links are written already. */
void actions_relinked(struct op *op, struct uuid by, struct uuids actions);
void issues_relinked(struct op *op, struct uuid by, struct uuids issues);

#endif
