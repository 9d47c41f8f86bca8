/* How often and how fast something was answered: a counter for each HTTP status, and a histogram.
 * The gateway keeps one for each of its operations, and so does every service. */
#ifndef TRACTION_ANSWERS_H
#define TRACTION_ANSWERS_H

#include "admin.h"

enum { ANSWER_STATUSES = 22 };

struct answers { /* zero-initialised is empty */
    uint64_t counts[ANSWER_STATUSES];
    struct histogram latency;
};

struct answer_metrics {
    const char *counter, *counter_help;     /* by status */
    const char *histogram, *histogram_help; /* of the time */
};

void answers_add(struct answers *answers, int http, int64_t us);
/* The counter's labels are followed by the status. Adds nothing before the first answer. */
void answers_collect(const struct answers *answers, struct metrics *metrics,
                     const struct answer_metrics *names, const char *counter_labels,
                     const char *histogram_labels);

#endif
