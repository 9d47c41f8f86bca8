/* Idempotent commands: the answer is stored in the transaction that did the work, under a key that
 * only one transaction can commit. Failures must not be stored.
 *
 * Where the key's row stands in the transaction: a handler that waits for something gets it ahead
 * of that (so a repetition stops there), still without an answer, which an UPDATE adds before the
 * commit. A handler that waits for nothing gets one INSERT with the answer behind its statements,
 * so that the common create is one round trip and one row version. A repetition may then fail at a
 * constraint of the handler's own statements before it comes to the key: that is why failures by
 * constraint look for a stored answer, too. With a client's key every failure does, since what the
 * request names may have been deleted within the key's day.
 *
 * An answer may be as large as a goal with all its strategies, and most commands are the gateway's
 * own, which only it repeats, a moment later. Of these a large answer is not stored where a read
 * gives the same (operation.h, read_again): a repetition gets what that read answers then. */
#include <assert.h>
#include <openssl/evp.h>
#include <string.h>

#include "op_state.h"
#include "pack.h"
#include "runtime_queries.h"

enum { DIGEST_SIZE = 32, KEPT_CLIENT_DAYS = 1, KEPT_GATEWAY_MINUTES = 10, PURGE_MAX = 1000 };
enum { ANSWER_KEPT_MAX = 4096 }; /* bytes, where a read answers the same */
enum { PURGE_TIMEOUT_MS = 10000 };

static const struct field idempotency_fields[] = {
    COLUMN(idempotency, key),
    COLUMN(idempotency, fingerprint),
    COLUMN(idempotency, answer),
    COLUMN(idempotency, expires_at),
};
const struct model idempotency_model = MODEL("Idempotency", idempotency, idempotency_fields);

struct purge {
    int64_t max, count;
};
static const struct field purge_fields[] = {
    COLUMN(purge, max),
    COLUMN(purge, count),
};
const struct model purge_model = MODEL("Purge", purge, purge_fields);

static struct packed digest(struct arena *arena, const struct buffer *input)
{
    unsigned char *out = arena_alloc(arena, DIGEST_SIZE);
    int done = EVP_Digest(input->data, input->size, out, NULL, EVP_sha256(), NULL);

    assert(done == 1);
    (void)done;
    return (struct packed){{(const char *)out, DIGEST_SIZE}};
}

/* Both digests are over packed values, which say their own lengths: no two lists of texts give the
 * same bytes. */
void idempotency_prepare(struct op *op)
{
    const struct request *request = op->request;
    struct idempotency *row = &op->state->idempotency;
    struct buffer input = buffer_in(op->arena, 256);

    pack_text(&input, request->user);
    pack_text(&input, request->operation);
    pack_text(&input, request->path);
    pack_int(&input, request->command_source);
    pack_text(&input, request->command);
    row->key = digest(op->arena, &input);

    struct buffer content = buffer_in(op->arena, request->body.size + request->query.size + 16);
    pack_bytes(&content, request->body);
    pack_bytes(&content, request->query);
    row->fingerprint = digest(op->arena, &content);

    if (request->command_source == COMMAND_CLIENT)
        row->expires_at = timestamp_add_days(op->now, KEPT_CLIENT_DAYS);
    else
        row->expires_at = (struct timestamp){op->now.us + KEPT_GATEWAY_MINUTES * INT64_C(60000000)};
}

void idempotency_before_wait(struct op *op)
{
    struct op_state *state = op->state;

    if (!state->keyed || state->key_asked)
        return;
    state->key_asked = true;
    state->idempotency.answer = (struct packed){STR_NONE};
    session_queue(op_session(op), IDEMPOTENCY_TAKE, AS(idempotency, &state->idempotency));
}

bool idempotency_key_taken(struct op *op, const struct db_fault *fault)
{
    bool taken = op->state->keyed && str_equal(str_of(fault->constraint), STR("idempotency_key"));

    op->state->key_taken = op->state->key_taken || taken;
    return taken;
}

static bool is_read_again(const struct op *op, const struct reply *reply)
{
    return op->operation->read_again && op->request->command_source == COMMAND_GATEWAY &&
           reply->data.size > ANSWER_KEPT_MAX;
}

void idempotency_before_commit(struct op *op)
{
    struct op_state *state = op->state;

    if (!state->keyed)
        return;
    struct reply kept = state->reply;
    if (is_read_again(op, &kept))
        kept.data = STR_NONE;
    struct buffer answer = buffer_in(op->arena, kept.data.size + 256);
    reply_pack(&answer, &kept); /* bus_reply fills in whose it is */
    state->idempotency.answer = (struct packed){buffer_str(&answer)};
    session_queue(op->session, state->key_asked ? IDEMPOTENCY_ANSWER : IDEMPOTENCY_TAKE,
                  AS(idempotency, &state->idempotency));
}

/* --- A repetition --- */

/* Uses a session besides the op's own, which was rolled back. Its fault becomes the outcome. */
static bool ended(struct op *op, enum db_fault_kind kind)
{
    if (kind != DB_OK) {
        op_reset(op);
        op_fail(op, kind == DB_UNAVAILABLE ? STATUS_SERVICE_UNAVAILABLE : STATUS_UPSTREAM_TIMEOUT);
    }
    return kind == DB_OK;
}

static bool read_row(struct op *op, struct idempotency *row, bool *found)
{
    struct session *session = session_begin(op->process->database, op->arena, false,
                                            &op->state->context, op->state->pending->deadline_us);

    session_queue_row(session, IDEMPOTENCY_READ, AS(idempotency, &op->state->idempotency),
                      AS(idempotency, row), found);
    enum db_fault_kind kind = session_wait(session);
    session_end(&session);
    return ended(op, kind);
}

static bool free_key(struct op *op)
{
    struct session *session = session_begin(op->process->database, op->arena, true,
                                            &op->state->context, op->state->pending->deadline_us);

    session_queue(session, IDEMPOTENCY_FREE, AS(idempotency, &op->state->idempotency));
    enum db_fault_kind kind = session_commit(session);
    session_end(&session);
    return ended(op, kind);
}

/* The write's first answer, but for its data: as the read gives it now. */
static void read_again(struct op *op, const struct reply *first)
{
    const struct operation *write = op->operation;
    const struct operation_route *route = op->state->read_again;

    op_reset(op);
    op->state->keyed = false; /* which a read is not */
    op->operation = route->operation;
    route->run(op);
    op_calls_finish(op);
    op_valid(op);
    if (op->session)
        session_end(&op->session);
    op->operation = write;
    if (op_failed(op))
        return;
    op->state->reply.http = first->http;
    op->state->reply.code = first->code;
    op->state->reply.location = first->location;
    op->state->reply.follow_up = first->follow_up;
}

static void answer_again(struct op *op, struct str stored)
{
    struct reply reply;

    op_reset(op);
    if (!leases_invalidate_tenant(op)) { /* the first run may have ended before it did */
        op_fail(op, STATUS_UPSTREAM_TIMEOUT);
        return;
    }
    if (!reply_unpack(op->arena, stored, &reply)) {
        log_error("a stored answer cannot be read", LOG_INT("size", (int64_t)stored.size));
        op_fail(op, STATUS_INTERNAL_ERROR);
        return;
    }
    if (op->state->read_again && !reply.data.data && !reply.extra.data) {
        read_again(op, &reply);
        return;
    }
    op->state->reply = reply;
    op->state->replied = true;
}

bool idempotency_settle(struct op *op)
{
    const struct idempotency *mine = &op->state->idempotency;
    bool taken = op->state->key_taken, found;
    struct idempotency row;

    model_clear(AS(idempotency, &row));
    if (!read_row(op, &row, &found))
        return false;
    if (!found)
        return taken; /* it was freed meanwhile; or the failure has nothing to do with the key */
    if (row.expires_at.us <= op->now.us)
        return free_key(op);
    if (!str_equal(row.fingerprint.bytes, mine->fingerprint.bytes)) {
        op_reset(op);
        op_invalid(op, "Idempotency-Key", "was used for a different request");
        return op_fail(op, STATUS_IDEMPOTENCY_KEY_REUSED);
    }
    answer_again(op, row.answer.bytes);
    return false;
}

/* --- Expired rows --- */

void idempotency_purge(struct process *process)
{
    struct arena *arena = arena_new();
    struct session_context nobody = {.tenant = STR(""), .now = timestamp_now()};
    struct purge purge = {.max = PURGE_MAX};
    bool found = true, more = true;

    while (more && !service_stopping(process)) {
        struct session *session = session_begin(service_database(process), arena, true, &nobody,
                                                monotonic_us() + PURGE_TIMEOUT_MS * INT64_C(1000));
        session_queue_row(session, IDEMPOTENCY_PURGE, AS(purge, &purge), AS(purge, &purge), &found);
        more = session_commit(session) == DB_OK && found && purge.count == PURGE_MAX;
        session_end(&session);
        purge.max = PURGE_MAX;
        arena_reset(arena);
    }
    arena_destroy(&arena);
}
