/* The actions of an issue: how many are done, and whether they let it be closed. */
#ifndef TRACTION_ISSUE_ACTIONS_H
#define TRACTION_ISSUE_ACTIONS_H

#include "op.h"

/* Of the actions that an issue is linked to. */
struct action_counts {
    int64_t total;     /* cancelled ones included */
    int64_t completed; /* of them */
    int64_t open;      /* neither completed nor cancelled */
    int64_t overdue;   /* open ones that were due before today, UTC */
};

/* As they are now; in a transaction that has locked the issue none is linked until the commit.
 * False after a fault. */
bool issue_count_actions(struct op *op, struct uuid issue, struct action_counts *counts);

/* "2 of 3 actions are still open" */
struct str issue_open_sentence(struct arena *arena, const struct action_counts *counts);

#endif
