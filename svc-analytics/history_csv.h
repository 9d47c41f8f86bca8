/* The audit log as a file. */
#ifndef TRACTION_HISTORY_CSV_H
#define TRACTION_HISTORY_CSV_H

#include "op.h"

/* Answers all that the filters of `query`, a struct history_query, pass. */
void audit_csv_reply(struct op *op, struct bound query);

#endif
