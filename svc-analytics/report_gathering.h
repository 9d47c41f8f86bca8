/* Assembling a report's document: the lists are read in parts, each into memory that the next part
 * reuses, and packed at once. Between two parts other requests run, and a large tenant's document
 * takes little more memory than its packed bytes. */
#ifndef TRACTION_REPORT_GATHERING_H
#define TRACTION_REPORT_GATHERING_H

#include "db.h"
#include "figures.h"
#include "op.h"

struct gathering {
    struct op *op;
    struct arena *arena; /* of the part at hand */
    struct session *session;
    struct session_context context;
    struct buffer *out;
    size_t keys;      /* of the document's map */
    struct list kpis; /* struct figure_kpi, all of them: what progress follows from */
};

/* A reading session of the part's own, whose rows live until the next part. */
struct session *part_begin(struct gathering *g);
bool part_wait(struct gathering *g); /* false: the op has failed */
void part_end(struct gathering *g);
/* The next key of the document. */
void document_key(struct gathering *g, const char *name);

/* --- report_progress.c: goals with their strategies, KPIs with their readings --- */

void report_pack_goals(struct gathering *g, const struct figures *figures);
void report_pack_kpis(struct gathering *g);

#endif
