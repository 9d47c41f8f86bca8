/* The parts of making a report: counting it, gathering its document, and the program that draws it.
 */
#ifndef TRACTION_REPORT_PARTS_H
#define TRACTION_REPORT_PARTS_H

#include "analytics.h"
#include "fair_queue.h"
#include "fiber.h"
#include "figures.h"
#include "op.h"
#include "shares.h"

/* --- report_limit.c: in transactions of its own, because a report is a read --- */

/* Whether the month's limit allows one more, counting none; else the op has failed. */
bool report_may_begin(struct op *op);
/* Counts the report as begun. False when the month's limit is reached, or the op has failed. */
bool report_begin(struct op *op, struct uuid report);
/* It was made and counts from now on; or it was not and counts no longer. */
bool report_made(struct op *op, struct uuid report);
void report_not_made(struct op *op, struct uuid report);

/* --- report_metrics.c --- */

/* Counts one report with its duration; the op says whether it was made, failed or was cancelled. */
void report_count(const struct op *op, enum report_format format, int64_t us);

/* --- report_document.c --- */

struct report_scope; /* report_gathering.h */

/* The packed document (report.h); absent when the op has failed. */
struct str report_document(struct op *op, const struct report_scope *scope,
                           const struct figures *figures);

/* --- report_slots.c: how many run at once --- */

struct report_slot { /* private */
    struct fair_item place;
    struct share *share;
    struct fiber *fiber;
    bool taken;
    int64_t since_us;
};

/* Waits for a free slot to run the writer; false (the op has failed) when too many wait or
 * `deadline_us` passes. */
bool report_slot_take(struct op *op, struct report_slot *slot, int64_t deadline_us);
void report_slot_release(struct report_slot *slot);

/* --- report_writer.c: report-writer as a child process --- */

enum { REPORT_BYTES_MAX = 30 << 20 }; /* so that the answer fits a frame of the bus */

/* Runs the writer on the document; the file's bytes, absent when the op has failed. A writer that
 * is not done by the deadline is killed. */
struct str report_write(struct op *op, enum report_format format, struct str document,
                        int64_t deadline_us);

#endif
