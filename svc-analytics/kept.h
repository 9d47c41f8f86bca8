/* What is computed from all of a tenant's rows and kept, in a row of its own, with the stamps of
 * the events it is based on.
 *
 * What is kept is used while nothing has changed since, and the hour lasts; after a change it is
 * still used while it is younger than half a second; otherwise it is computed again. So an answer
 * is never more than half a second behind the projections, and a busy tenant costs at most two
 * computations a second of each kind. */
#ifndef TRACTION_KEPT_H
#define TRACTION_KEPT_H

#include "op.h"

enum { COMPUTE_US = 10000000 }; /* the time that computing may take */

struct kept {
    const struct model *model; /* of what is kept */
    struct statement *read;    /* fills kept_row */
    /* Computes it into `target`, a struct of the model, and keeps it. `stamps` is what it is based
     * on. Called by kept_compute. */
    enum db_fault_kind (*compute)(struct process *process, struct arena *arena,
                                  const struct session_context *context, void *target,
                                  struct uuids *stamps);
};

struct kept_row {
    struct packed data;
    struct timestamp computed_at;
    struct uuids stamps;
    bool is_current; /* nothing has changed since */
};
extern const struct model kept_row_model;

/* STAMPS_READ, read before the rest: what is committed meanwhile makes what is computed newer than
 * its stamps, never older. None: nothing is known of the tenant. */
struct stamps_row {
    struct uuids stamps;
    struct timestamp changed_at;
};
extern const struct model stamps_row_model;

/* The caller's tenant's, into `target`. What the op has queued is read in the same round trip.
 * `stamps` is what it is based on; may be NULL. False when the op has failed. */
bool kept_load(struct op *op, const struct kept *kept, void *target, struct uuids *stamps);

/* Computes the tenant's anew and keeps it; meanwhile other fibers wait for that. Also without a
 * request. */
enum db_fault_kind kept_compute(const struct kept *kept, struct process *process,
                                struct arena *arena, struct str tenant, void *target);

/* Queues the row for the statement `put`, which writes kept_row. */
void kept_put(const struct kept *kept, struct session *session, struct statement *put,
              struct arena *arena, struct kept_row row, void *source);

/* The fault of the op that `kind` means; false. */
bool kept_fail(struct op *op, enum db_fault_kind kind);

#endif
