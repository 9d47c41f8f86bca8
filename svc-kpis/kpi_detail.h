/* One KPI as GET /kpis/{id}, POST and PUT answer it. */
#ifndef TRACTION_KPI_DETAIL_H
#define TRACTION_KPI_DETAIL_H

#include "kpis.h"
#include "op.h"

/* Its newest readings and its links, after the next wait. */
void kpi_detail_queue(struct op *op, struct uuid kpi, struct kpi_detail *detail);
/* Answers it, with what follows from those; goals' titles are asked for. */
void kpi_detail_reply(struct op *op, struct kpi_detail *detail);

/* A value that a KPI's body says to be measured. */
struct sent_value {
    double value; /* NaN: none */
    struct timestamp day;
};

/* Takes it out of what was read into `kpi`, where `known` is put in its place: what is among the
 * newest readings already is none. Finds what is wrong with it, for op_valid. */
struct sent_value sent_value_take(struct op *op, struct kpi *kpi, const struct kpi *known,
                                  const struct list *readings);
/* Records it as the measurement of its day, and reads the KPI again. Nothing without a value. */
bool sent_value_record(struct op *op, struct sent_value sent, struct kpi_detail *detail);

#endif
