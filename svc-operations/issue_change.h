/* Changing an issue: what a request makes of it, looked up, checked, stored and told of. */
#ifndef TRACTION_ISSUE_CHANGE_H
#define TRACTION_ISSUE_CHANGE_H

#include "issue_moves.h"
#include "issues.h"
#include "op.h"

struct issue_change {
    /* Makes `issue`, which is `before`, what it is to be; its faults may be gathered. It is called
     * twice: outside the transaction, to look up what the issue then refers to, and with the row
     * as it is under its lock. False when it has failed. */
    bool (*propose)(struct op *op, const struct issue *before, struct issue *issue,
                    const struct issue_move *move);
    const struct issue_move *move; /* the body of a verb; NULL for a patch */
    /* NULL, or whether nothing changes: then the issue is answered as it is. */
    bool (*keeps)(const struct issue *before, const struct issue *issue);
    /* NULL, or whether what depends on the issue allows it, looked at under the issue's lock. False
     * after a fault. */
    bool (*permit)(struct op *op, const struct issue *issue, const struct issue_move *move);
    bool links; /* the body is about links alone */
};
/* The whole handler, answer included. */
void issue_change(struct op *op, const struct issue_change *change);

/* Creates what was made of a body, the whole handler; its faults may be gathered. `links_field`
 * stands before the names of lists of links in faults. `inherited`, which may be NULL, are links
 * that an action has already, so nobody need be asked about them. */
void issue_add(struct op *op, struct issue *issue, const char *links_field,
               const struct connections *inherited);

#endif
