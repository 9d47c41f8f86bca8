/* Whether a goal's KPI waits for this month's reading, which svc-kpis knows. */
#ifndef TRACTION_READINGS_DUE_H
#define TRACTION_READINGS_DUE_H

#include "op.h"

struct readings_due {
    bool known; /* false: svc-kpis could not be asked */
    bool due;
};

/* Asks and waits; not while a transaction is open. Without goals nothing is due. */
void readings_due_ask(struct op *op, struct uuids goals, struct readings_due *due);

/* As answers say it; absent where it is not known. */
struct packed readings_due_packed(struct op *op, const struct readings_due *due);

#endif
