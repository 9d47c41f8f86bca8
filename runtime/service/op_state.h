/* The inside of an op, shared by the files of this folder. What belongs to one attempt is cleared
 * when the database asks for another one. */
#ifndef TRACTION_OP_STATE_H
#define TRACTION_OP_STATE_H

#include "fair_queue.h"
#include "log.h"
#include "op.h"
#include "process.h"

struct idempotency { /* parameters and columns of its statements */
    struct packed key, fingerprint, answer;
    struct timestamp expires_at;
};

/* answer_size.c: one of the few that make a large answer. */
struct large_turn {
    enum { LARGE_NONE, LARGE_WAITS, LARGE_RUNS } state;
    struct fair_item item;
    struct fiber *fiber; /* that waits */
};

struct op_state {
    /* Of the request. */
    struct bus_request *pending;
    struct session_context context;
    struct log_context log;
    struct timing timing;
    struct value path_values; /* VALUE_ABSENT until first asked for */
    struct value query;
    const struct model *query_model; /* of the last op_query; NULL: none */
    bool searched;                   /* it has a `search` */
    struct str cursor_scope;         /* what its cursors are good for; absent: it has none */
    bool by_cursor;                  /* its page goes on after one */
    bool keyed;                      /* the command id makes a repetition harmless */
    struct idempotency idempotency;  /* when keyed */
    const struct operation_route *read_again; /* NULL: none */
    bool unknown;                             /* a commit was lost: it may have been carried out */
    struct large_turn large;
    bool fatal; /* a called service has crashed in this request */

    /* Of this attempt. */
    bool failed;
    enum status status;
    struct str message; /* absent: the status's sentence */
    struct field_errors errors;
    enum db_fault_kind fault;
    bool key_asked; /* the key's row is ahead of what the handler waits for */
    bool key_taken;
    bool replied, created;
    bool has_events; /* it has added to the outbox */
    struct reply reply;
    const struct model *body_model; /* of the last op_body or op_patch */
    struct value body;
    uint64_t seen;
    struct op_call_state *calls; /* all that were started */
};

/* In the arena. What the request is about is the caller's: an answer, a key, a deadline. */
struct op *op_new(struct process *process, struct arena *arena, const struct request *request,
                  const struct operation *operation, struct timestamp now);
/* Before an attempt. */
void op_reset(struct op *op);
/* Runs the handler with its transaction, again when the database asks for a retry; then op_outcome
 * is ready. */
void op_run(struct op *op, void (*run)(struct op *op));
struct reply op_outcome(struct op *op);

/* op_log.c: its lines, once its timing is complete. */
struct slow_log;
void op_log(const struct op *op, const struct reply *reply, struct slow_log *slow);

/* cursor.c: checks the query's cursor and says in it where the page begins. Answers what is wrong
 * with it; NULL: nothing. */
const char *cursor_read(struct op *op, struct bound query);
/* What is wrong with the cursor whose key the database refused; NULL: the fault is another one. */
const char *cursor_fault(const struct op *op, const struct db_fault *fault);
/* The cursor of the page after `row`; absent: there is none. */
struct str cursor_after(struct op *op, struct bound row);

/* op_session.c */
struct session *op_session(struct op *op);

/* sql.c: records the session's fault as the caller is to see it. Returns false. */
bool op_database_fault(struct op *op);

/* answer_size.c: after the last attempt, also when there was no turn. */
void op_large_end(struct op *op);

/* idempotency.c */
void idempotency_prepare(struct op *op);
/* Before a writing handler's first wait. */
void idempotency_before_wait(struct op *op);
/* Whether the fault is that the key's row is there already; it is noted then. */
bool idempotency_key_taken(struct op *op, const struct db_fault *fault);
/* After all other statements: stores the answer. */
void idempotency_before_commit(struct op *op);
/* After a failure that the key may explain: true when the operation is to be run again; else the
 * outcome is the stored answer or a failure. */
bool idempotency_settle(struct op *op);

/* calls.c: waits for calls that the handler started and did not wait for. */
void op_calls_finish(struct op *op);
/* After the commit: makes the call that op_call_after named, also when the answer is a stored one.
 * If it fails, the outcome is unknown (504). */
void op_follow_up(struct op *op);

#endif
