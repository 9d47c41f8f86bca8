/* Changing an action: what a request makes of it, looked up, checked, stored and told of. */
#ifndef TRACTION_ACTION_CHANGE_H
#define TRACTION_ACTION_CHANGE_H

#include "action_moves.h"
#include "op.h"
#include "readings_due.h"

struct action_change {
    /* Makes `action`, which is `before`, what it is to be; its faults may be gathered. It is called
     * twice: outside the transaction, to look up what the action then refers to, and with the row
     * as it is under its lock. False when it has failed. */
    bool (*propose)(struct op *op, const struct action *before, struct action *action,
                    const struct action_move *move);
    const struct action_move *move; /* the body of a verb; NULL for a patch */
    bool links;                     /* the body is about links alone */
    struct readings_due *due;       /* NULL, or asked for before the transaction begins */
    /* NULL: the action is answered. Else this answers, in the transaction, while no other one
     * changes the links or the issues of the action. */
    void (*answer)(struct op *op, const struct action_change *change, const struct action *before,
                   struct action *action);
};
/* The whole handler, answer included. */
void action_change(struct op *op, const struct action_change *change);

#endif
