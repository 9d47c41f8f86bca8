/* Recording what a KPI was on a day, or in a month. */
#ifndef TRACTION_RECORDING_H
#define TRACTION_RECORDING_H

#include "measuring.h"

/* A measurement that was recorded, whoever brought it. */
struct recording {
    struct measuring by;
    struct measurement measurement; /* as it is kept, judged by the plan */
    struct list before; /* struct measurement: the measured ones of earlier days, the newest first,
                           as many as judging needs; judged, but for `triggers` */
    bool is_newest;     /* no measured one is of a later day */
    struct list goals;  /* struct row_id: that are linked to the KPI */
    enum adjustment_wish wish;
    /* What has become of the plan, by recording_decide. */
    struct packed adjustment;  /* absent: it stays as it is */
    struct packed suggestions; /* absent: none */
};

/* Finds what is wrong with the day that a body's `field` says, for op_valid. */
void measurement_day_check(struct op *op, const char *field, struct timestamp day);

/* Records a measurement: kpi_id, day, subtype, value and what else is said are set. It is written
 * with the reading of its month and the events of both. False when there is no such KPI, or for any
 * other fault. */
bool measurement_record(struct op *op, struct measurement *measurement, enum adjustment_wish wish,
                        struct recording *recorded);

/* Posts a month's reading: kpi_id, period, value and what else it has are set. It becomes what is
 * kept then. Likewise. */
bool reading_post(struct op *op, struct reading *reading);

/* The reading of a month after its measurements have changed: it is that of the one that counts. */
struct month_reading {
    struct uuid reading_id; /* for one that there was none of yet */
    struct uuid kpi_id;
    struct month period;
    struct timestamp day; /* absent: whatever counts; else only when that is the measurement of */
    enum measurement_subtype subtype; /* this day and subtype */
    struct reading reading;           /* as it is kept then */
    bool changed;
};
/* Queues writing it, and what KPIs show of their readings. */
void month_reading_queue(struct op *op, const struct measurement *measurement,
                         struct month_reading *month);

/* recording_decide.c: the one place where it is decided what becomes of the plan after a
 * measurement was recorded, with everything written and the KPI locked. */
bool recording_decide(struct op *op, struct recording *recorded);

#endif
