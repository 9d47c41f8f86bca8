/* Recording a reading, whoever brings it. */
#ifndef TRACTION_READING_PUT_H
#define TRACTION_READING_PUT_H

#include "kpis.h"
#include "op.h"

/* Writes the reading (kpi_id, period, value and what else it has are set), which becomes what is
 * kept then, and its event. False when there is no such KPI, or for any other fault. */
bool reading_put(struct op *op, struct reading *reading);

#endif
