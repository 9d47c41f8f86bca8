/* Answers by HTTP status, for /metrics. */
#include "answers.h"

#include <stdio.h>

static const int statuses[ANSWER_STATUSES] = {200, 201, 204, 304, 400, 401, 403, 404,
                                              405, 409, 412, 413, 415, 417, 422, 429,
                                              499, 500, 501, 503, 504, 0 /* any other */};

void answers_add(struct answers *answers, int http, int64_t us)
{
    size_t at = 0;

    while (statuses[at] != http && statuses[at] != 0)
        at++;
    answers->counts[at]++;
    histogram_add(&answers->latency, us);
}

void answers_collect(const struct answers *answers, struct metrics *metrics,
                     const struct answer_metrics *names, const char *counter_labels,
                     const char *histogram_labels)
{
    char labels[320];

    if (answers->latency.count == 0)
        return;
    for (size_t i = 0; i < ANSWER_STATUSES; i++) {
        if (answers->counts[i] == 0)
            continue;
        snprintf(labels, sizeof labels, "%s,status=\"%d\"", counter_labels, statuses[i]);
        metrics_counter(metrics, names->counter, names->counter_help, labels,
                        (double)answers->counts[i]);
    }
    metrics_histogram(metrics, names->histogram, names->histogram_help, histogram_labels,
                      &answers->latency);
}
