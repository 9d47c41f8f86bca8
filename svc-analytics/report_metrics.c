/* The duration of reports, by format and outcome, for /metrics. */
#include <stdio.h>

#include "admin.h"
#include "analytics_handlers.h"
#include "report_parts.h"

enum outcome { MADE, FAILED, CANCELLED, OUTCOME_COUNT };

static const char *const outcomes[OUTCOME_COUNT] = {
    [MADE] = "made", [FAILED] = "failed", [CANCELLED] = "abandoned"};
static const char *const formats[] = {[REPORT_PDF] = "pdf", [REPORT_DOCX] = "docx"};

enum { FORMAT_COUNT = sizeof formats / sizeof *formats };

static struct histogram times[FORMAT_COUNT][OUTCOME_COUNT];

void report_count(const struct op *op, enum report_format format, int64_t us)
{
    enum outcome outcome = op_cancelled(op) ? CANCELLED : op_failed(op) ? FAILED : MADE;

    histogram_add(&times[format][outcome], us);
}

void report_collect(struct metrics *metrics)
{
    char labels[64];

    for (int format = REPORT_PDF; format < FORMAT_COUNT; format++)
        for (int outcome = MADE; outcome < OUTCOME_COUNT; outcome++) {
            snprintf(labels, sizeof labels, "format=\"%s\",outcome=\"%s\"", formats[format],
                     outcomes[outcome]);
            metrics_histogram(metrics, "traction_report_seconds",
                              "Duration of reports, including the wait for a slot.", labels,
                              &times[format][outcome]);
        }
}
