/* One request inside a service: caller, operation, and the helpers that make a handler read as the
 * rule it implements. A helper that returns false has already recorded the fault (the first one is
 * kept), so the handler just returns. All memory is in the op's arena. */
#ifndef TRACTION_OP_H
#define TRACTION_OP_H

#include <stdbool.h>
#include <stdint.h>

#include "db.h"
#include "envelope.h"
#include "model.h"
#include "operation.h"
#include "paging.h"
#include "status.h"

struct event;
struct process;

struct op {
    struct process *process;
    const struct operation *operation;
    const struct request *request;
    struct arena *arena;
    struct timestamp now;    /* one instant for the whole request */
    struct session *session; /* NULL until the first statement */
    struct op_state *state;  /* private to runtime/service */
};

/* --- What the caller sent --- */

/* The route's parameter as a UUID; text that is no UUID fails with the operation's not_found. */
bool op_path_uuid(struct op *op, const char *name, struct uuid *id);
struct str op_path_text(struct op *op, const char *name); /* absent when the route has none */
/* Clears and fills `target` from the query string / the body, by the operation's tables. With
 * NOTHING every query parameter is an unknown one. */
bool op_query(struct op *op, struct bound target);
/* The same for lists: invalid parameters are reported by op_paging, which must follow, so that one
 * answer names them together with an invalid page or order. */
bool op_list_query(struct op *op, struct bound target);
bool op_body(struct op *op, struct bound target);
/* Changes only what the body names (PUT). */
bool op_patch(struct op *op, struct bound target);
/* The same, but invalid fields are only collected, so that one answer names them together with
 * those that the handler finds, such as references to what does not exist. op_valid must follow
 * before anything is written. False when there is no body. */
bool op_gather_body(struct op *op, struct bound target);
bool op_gather_patch(struct op *op, struct bound target);
/* Likewise where answers hold the object twice, as the body and once more under `name` in it: the
 * fields of either count. */
bool op_gather_patch_with(struct op *op, struct bound target, const char *name);
/* Whether the body named that JSON field (in any spelling); after one of these. */
bool op_named(const struct op *op, const char *name);
/* A member of the body as it is; never NULL. After one of these. */
const struct value *op_body_value(const struct op *op, const char *name);
/* The text of that field as it was sent, by whichever of its names; absent when it was none. */
struct str op_sent_text(const struct op *op, const char *name);
/* The texts of that array of the body as they were written, each once; after op_body. */
struct texts op_written(const struct op *op, const char *name);
/* If-Match: 412 unless the caller sent none or this version. */
bool op_version_ok(struct op *op, int64_t version);

/* --- Faults; all return false --- */

bool op_fail(struct op *op, enum status status);
bool op_fail_because(struct op *op, enum status status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* Adds a bad field; the handler may go on to find more and must then return op_valid(). */
bool op_invalid(struct op *op, const char *field, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* False (422 with every bad field) when op_invalid was called. */
bool op_valid(struct op *op);
bool op_failed(const struct op *op);
/* What the handler has read outside its transaction has changed: the handler is run again, a few
 * times at most, then the answer is 409 CONFLICT. */
bool op_retry(struct op *op);

/* --- The caller, for operations that take long --- */

/* From here on this fiber is woken when the request is cancelled: the client has disconnected, or
 * the calling process has ended. */
void op_watch_caller(struct op *op);
/* Whether the request is cancelled: the handler may fail anywhere then; nothing is answered. */
bool op_cancelled(const struct op *op);

/* --- The database. Read operations read, writing operations run in one transaction --- */

/* One row into `output`; none answers the operation's not_found (or, with sql_find, *found). */
bool sql_row(struct op *op, struct statement *statement, struct bound input, struct bound output);
bool sql_find(struct op *op, struct statement *statement, struct bound input, struct bound output,
              bool *found);
bool sql_rows(struct op *op, struct statement *statement, struct bound input,
              const struct model *model, struct list *list);
/* Queued: sent with the next wait or the commit, so it costs no round trip of its own. Constraint
 * violations surface there, by the service's table of constraints. */
void sql_exec(struct op *op, struct statement *statement, struct bound input);
/* Several reads in one round trip: queue them, then sql_wait. */
void sql_queue_row(struct op *op, struct statement *statement, struct bound input,
                   struct bound output, bool *found);
void sql_queue_rows(struct op *op, struct statement *statement, struct bound input,
                    const struct model *model, struct list *list);
bool sql_wait(struct op *op);

/* One row read outside the transaction, by a shared reading connection: for what a write only has
 * to show (a person's name), so that the transaction itself has nothing to wait for and costs one
 * round trip. Before the first statement of the transaction. *found as in sql_find. */
bool sql_read_unlocked(struct op *op, struct statement *statement, struct bound input,
                       struct bound output, bool *found);

/* --- Rules that services share --- */

/* Creating one more of `kind` under the tenant's limit: takes an advisory lock and runs `count`
 * (one row, column "count", parameters from `input`) only when a limit applies; 403 when reached.
 */
bool op_limit(struct op *op, enum limit_kind kind, struct statement *count, struct bound input);
/* The same of `more` at once: all of them or none. */
bool op_limit_many(struct op *op, enum limit_kind kind, int64_t more, struct statement *count,
                   struct bound input);
/* *sort_field and *descending become what a query with SORTED_FIELDS chose, else 422: newest first
 * ("createdAt") when it chose nothing. */
bool op_paging(struct op *op, const struct paging *paging, struct str *sort_field,
               bool *descending);
/* The list's total is counted up to SEARCH_TOTAL_MAX + 1, as that of a search; after op_query. */
void op_total_bounded(struct op *op);
/* Whether it chose another order than the newest first. */
bool op_sorted(const struct paging *paging);
/* Whether it is one of the first pages, newest first: those for which make_newest of the migrations
 * has made a function. */
bool op_newest_page(const struct paging *paging);

/* Adds an event: an outbox row in the same transaction. `data` is the entity after the change. */
void op_event(struct op *op, const char *type, struct uuid entity, int64_t version,
              struct bound data);
/* The same of a change, with what differs between `before` and `after`, of one model. */
void op_event_changed(struct op *op, const char *type, struct uuid entity, int64_t version,
                      struct bound before, struct bound after);
/* The same with data that the handler packed. */
void op_event_packed(struct op *op, const char *type, struct uuid entity, int64_t version,
                     struct str data);
/* The same of several entities by one statement: `events` with entity, version and data. */
void op_events_packed(struct op *op, const char *type, const struct event *events, size_t count);

/* --- The answer; a writing operation commits before it is sent --- */

void op_reply(struct op *op, struct bound data, int64_t version);
/* The same of a read whose answer is often large, without a version: written as JSON here where the
 * caller takes that, so that the gateway need not read it. */
void op_reply_large(struct op *op, struct bound data);
/* Data packed by hand (model_pack_open and friends). version -1: no ETag. */
void op_reply_packed(struct op *op, struct str data, int64_t version);
/* JSON that is written already, to a read whose caller takes that (request->takes_json): one whole
 * value, which the gateway puts into its answer as it is. */
void op_reply_json(struct op *op, struct str data);
/* 201 instead of 200; `location` below the base path, may be absent. Call before op_reply*. */
void op_created(struct op *op, struct str location);
/* paging NULL: no pagination. */
void op_reply_list(struct op *op, const struct model *model, struct list list,
                   const struct paging *paging, int64_t total);
/* The same of items that are packed already; `last` is the last one as a struct, NULL when there is
 * none. */
void op_reply_packed_list(struct op *op, const struct str *items, size_t count,
                          const struct paging *paging, int64_t total, struct bound last);
/* The bytes that an answer may have, and faults of what would have more: a list of ids in the body;
 * a page, of which `fits` items have room; op_reply_list adds that of pages itself. */
int64_t op_answer_max(void);
/* Waits for a turn among the few requests that may hold a large answer (bounded_rows.h). Not while
 * it holds a connection for writing. */
bool op_large_begin(struct op *op);
bool op_too_large(struct op *op, const char *field);
bool op_page_too_large(struct op *op, size_t fits);
void op_reply_deleted(struct op *op, struct uuid id);
/* A packed map whose pairs are put beside "success" instead of "data". */
void op_reply_extra(struct op *op, struct str map);
/* A download. */
void op_reply_file(struct op *op, struct str name, struct str type, struct str bytes);
/* Marks `service`'s part of the answer as missing (X-Degraded). */
void op_degraded(struct op *op, enum service service);

/* --- Other services --- */

/* A call in flight; start several, then wait for each. */
struct op_call {
    const struct operation *operation;
    struct str body;    /* packed */
    bool done;          /* waited for */
    bool reached;       /* false: the service could not be asked (down, frozen, timed out, or it
                           answered that it has no room or no time) */
    struct reply reply; /* valid when reached; in the op's arena */
    const struct value *data; /* reply.data unpacked; never NULL */
    struct op_call_state *state;
};
/* `operation` names an internal or public operation; leaf ones only, where the callee may call
 * back. A writing operation gets the command id "<ours>/<operation>", from its second call in one
 * request on with "/2" and so on behind it. `budget_ms` bounds the wait besides the request's own
 * deadline; 0 means only that. The results are in `call` after op_call_wait; a call that nobody
 * waited for is waited for when the handler has returned. Call before the first statement where the
 * rule allows it: a writing handler holds a connection from its first statement on, also while it
 * waits for somebody else. */
void op_call_start(struct op *op, struct op_call *call, const char *operation, struct str body,
                   int64_t budget_ms);
void op_call_wait(struct op *op, struct op_call *call);
/* Whether the service refused because its answer would be too large. */
bool op_call_too_large(const struct op_call *call);

/* Calls a repeatable operation of another service after the commit and before the answer, each time
 * the answer is given (also the stored one). If it fails the caller gets 504, as for a commit with
 * unknown outcome. At most one per request. */
void op_call_after(struct op *op, const char *operation, struct str body);

#endif
