/* The request as a handler sees it, and recording faults. It must not use the database or the bus;
 * sql.c and calls.c do. */
#include "op.h"

#include <assert.h>
#include <stdarg.h>
#include <string.h>

#include "fiber.h"
#include "op_state.h"
#include "owner.h"

struct op *op_new(struct process *process, struct arena *arena, const struct request *request,
                  const struct operation *operation, struct timestamp now)
{
    struct op *op = arena_alloc(arena, sizeof *op);
    struct op_state *state = arena_alloc(arena, sizeof *state);

    *op = (struct op){.process = process,
                      .operation = operation,
                      .request = request,
                      .arena = arena,
                      .now = now,
                      .state = state};
    state->context = (struct session_context){request->tenant, request->user, now};
    state->log = (struct log_context){
        .request_id = request->request_id,
        .tenant = request->tenant,
        .user = request->user,
        .operation = request->operation,
    };
    return op;
}

void op_reset(struct op *op)
{
    struct op_state *state = op->state;

    assert(!op->session);
    state->failed = false;
    state->message = STR_NONE;
    field_errors_init(&state->errors, op->arena);
    state->fault = DB_OK;
    state->key_asked = state->key_taken = false;
    state->replied = state->created = state->has_events = false;
    state->reply = (struct reply){.version = -1};
    state->body_model = NULL;
    state->calls = NULL;
}

/* --- The caller --- */

static void wake(void *fiber)
{
    fiber_wake(fiber);
}

void op_watch_caller(struct op *op)
{
    bus_request_watch(op->state->pending, wake, fiber_self());
}

bool op_cancelled(const struct op *op)
{
    return op->state->pending->cancelled;
}

/* --- What the caller sent --- */

struct str op_path_text(struct op *op, const char *name)
{
    struct value *values = &op->state->path_values;

    if (values->type == VALUE_ABSENT && op->request->path_values.data)
        unpack(op->arena, op->request->path_values, values);
    return value_text(value_get(values, name));
}

bool op_path_uuid(struct op *op, const char *name, struct uuid *id)
{
    if (op_failed(op))
        return false;
    return uuid_parse(op_path_text(op, name), id) || op_fail(op, op->operation->not_found);
}

/* A page's number and an offset may both be said where they mean the same. */
static void check_place(struct op *op, struct bound target)
{
    const struct field *field = target.model ? model_column(target.model, STR("offset")) : NULL;
    const struct value *query = &op->state->query;
    struct paging *paging;

    if (!field || value_is_null(value_get(query, "offset")) ||
        value_is_null(value_get(query, "page")))
        return;
    paging = OWNER_OF((char *)target.data + field->offset, struct paging, offset);
    if (paging->offset != INT_NONE && paging->offset != (paging->page - 1) * paging->size)
        op_invalid(op, "offset", "differs from page, which means the same");
}

static bool has_search(struct bound target)
{
    const struct field *field = target.model ? model_column(target.model, STR("search")) : NULL;

    return field && ((const struct str *)((char *)target.data + field->offset))->data;
}

/* False when there is nothing to read; what is bad in it is gathered. */
static bool read_query(struct op *op, struct bound target)
{
    static const struct value none = {.type = VALUE_MAP};
    struct op_state *state = op->state;
    const struct value *query = &none;

    if (op_failed(op))
        return false;
    if (op->request->query.data) {
        if (!unpack(op->arena, op->request->query, &state->query) || state->query.type != VALUE_MAP)
            return op_fail_because(op, STATUS_INVALID_REQUEST, "The query cannot be read");
        query = &state->query;
    }
    state->query_model = target.model;
    if (target.model)
        model_clear(target);
    model_decode_query(target, query, &state->errors);
    state->searched = has_search(target);
    check_place(op, target);
    const char *fault = cursor_read(op, target);
    if (fault)
        op_invalid(op, "after", "%s", fault);
    return true;
}

bool op_query(struct op *op, struct bound target)
{
    return read_query(op, target) && op_valid(op);
}

bool op_list_query(struct op *op, struct bound target)
{
    return read_query(op, target);
}

static bool read_body(struct op *op, const struct model *model)
{
    static const struct value empty = {.type = VALUE_MAP};
    struct op_state *state = op->state;
    struct value *body = &state->body;

    if (op_failed(op))
        return false;
    *body = empty;
    state->body_model = model;
    state->seen = 0;
    if (!op->request->body.data && !(op->operation->flags & OPERATION_BODY_OPTIONAL))
        return op_fail_because(op, STATUS_INVALID_REQUEST, "A JSON body is required");
    if (op->request->body.data && !unpack(op->arena, op->request->body, body))
        return op_fail_because(op, STATUS_INVALID_REQUEST, "The body cannot be read");
    if (body->type != VALUE_MAP)
        return op_fail_because(op, STATUS_INVALID_REQUEST, "The body must be a JSON object");
    return true;
}

static void decode_body(struct op *op, struct bound target, enum decode_mode mode)
{
    struct op_state *state = op->state;

    model_decode(target, &state->body, mode, &state->errors, &state->seen);
}

bool op_gather_body(struct op *op, struct bound target)
{
    model_clear(target);
    if (!read_body(op, target.model))
        return false;
    decode_body(op, target, DECODE_CREATE);
    return true;
}

bool op_gather_patch(struct op *op, struct bound target)
{
    if (!read_body(op, target.model))
        return false;
    decode_body(op, target, DECODE_PATCH);
    return true;
}

/* One map of both: of two values of a field the one counts that changes something. */
static void merge(struct op *op, struct value *body, const struct value *inner)
{
    struct pair *pairs = arena_array(op->arena, body->count + inner->count, sizeof *pairs);

    for (uint32_t i = 0; i < body->count; i++)
        pairs[i] = body->pairs[i];
    for (uint32_t i = 0; i < inner->count; i++)
        pairs[body->count + i] = inner->pairs[i];
    body->pairs = pairs;
    body->count += inner->count;
}

bool op_gather_patch_with(struct op *op, struct bound target, const char *name)
{
    if (!read_body(op, target.model))
        return false;
    const struct value *inner = value_get(&op->state->body, name);
    if (inner->type == VALUE_MAP)
        merge(op, &op->state->body, inner);
    decode_body(op, target, DECODE_PATCH);
    if (!value_is_null(inner) && inner->type != VALUE_MAP)
        op_invalid(op, name, "must be an object");
    return true;
}

bool op_body(struct op *op, struct bound target)
{
    return op_gather_body(op, target) && op_valid(op);
}

bool op_patch(struct op *op, struct bound target)
{
    return op_gather_patch(op, target) && op_valid(op);
}

bool op_named(const struct op *op, const char *name)
{
    const struct model *model = op->state->body_model;

    assert(model); /* after op_body or op_patch only */
    for (size_t i = 0; i < model->count; i++)
        if (!strcmp(model->fields[i].name, name))
            return (op->state->seen >> i & 1) != 0;
    assert(!"op_named: the body's model has no such field");
    return false;
}

const struct value *op_body_value(const struct op *op, const char *name)
{
    return value_get(&op->state->body, name);
}

static bool has_text(const struct texts *texts, struct str text)
{
    for (size_t i = 0; i < texts->count; i++)
        if (str_equal(texts->items[i], text))
            return true;
    return false;
}

/* A field of the body, by whichever of its names. */
static const struct value *sent_value(const struct op *op, const char *name)
{
    const struct op_state *state = op->state;
    struct str spelled = model_sent_path(state->body_model, &state->body, str_of(name), op->arena);

    return value_get(&state->body, arena_printf(op->arena, STR_FMT, STR_ARG(spelled)).data);
}

struct str op_sent_text(const struct op *op, const char *name)
{
    return value_text(sent_value(op, name));
}

struct texts op_written(const struct op *op, const char *name)
{
    const struct value *array = sent_value(op, name);
    size_t count = array->type == VALUE_ARRAY ? array->count : 0;
    struct texts texts = {arena_array(op->arena, count, sizeof *texts.items), 0};

    for (size_t i = 0; i < count; i++) {
        struct str text = value_text(&array->items[i]);
        if (!has_text(&texts, text))
            texts.items[texts.count++] = text;
    }
    return texts;
}

static bool is_among(struct str versions, int64_t version)
{
    struct value list = {.count = 0}, other;

    if (versions.data)
        unpack_next(&versions, &list);
    for (uint32_t i = 0; i < list.count; i++) {
        unpack_next(&versions, &other);
        if (value_int(&other, -1) == version)
            return true;
    }
    return false;
}

bool op_version_ok(struct op *op, int64_t version)
{
    const struct request *request = op->request;

    if (op_failed(op))
        return false;
    return request->if_version < 0 || request->if_version == version ||
           is_among(request->if_others, version) || op_fail(op, STATUS_PRECONDITION_FAILED);
}

/* --- Faults: the first one counts --- */

bool op_fail(struct op *op, enum status status)
{
    struct op_state *state = op->state;

    assert(!status_is_success(status));
    if (!state->failed) {
        state->failed = true;
        state->status = status;
        state->message = STR_NONE;
    }
    return false;
}

bool op_fail_because(struct op *op, enum status status, const char *format, ...)
{
    va_list arguments;

    if (op->state->failed)
        return false;
    op_fail(op, status);
    va_start(arguments, format);
    op->state->message = arena_vprintf(op->arena, format, arguments);
    va_end(arguments);
    return false;
}

bool op_invalid(struct op *op, const char *field, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    struct str text = arena_vprintf(op->arena, format, arguments);
    va_end(arguments);
    /* The name may be on the handler's stack. */
    struct str name = arena_copy(op->arena, str_of(field));
    if (op->state->body_model)
        name = model_sent_path(op->state->body_model, &op->state->body, name, op->arena);
    else if (op->state->query_model)
        name = model_sent_path(op->state->query_model, &op->state->query, name, op->arena);
    field_errors_add(&op->state->errors, name, STR_FMT, STR_ARG(text));
    return false;
}

bool op_valid(struct op *op)
{
    if (op->state->errors.count > 0)
        op_fail(op, STATUS_VALIDATION_ERROR);
    return !op_failed(op);
}

bool op_failed(const struct op *op)
{
    return op->state->failed;
}

bool op_retry(struct op *op)
{
    if (!op_failed(op))
        op->state->fault = DB_RETRY;
    return op_fail(op, STATUS_CONFLICT);
}

struct reply op_outcome(struct op *op)
{
    struct op_state *state = op->state;

    if (!state->failed)
        return state->reply;
    if (state->status == STATUS_VALIDATION_ERROR && !state->message.data)
        state->message = field_errors_sentence(&state->errors);
    struct reply reply = reply_failure(state->status, state->message);
    reply.fatal = state->fatal;
    if (reply.http == 422) {
        struct buffer errors = buffer_in(op->arena, 128);
        field_errors_pack(&state->errors, &errors);
        reply.errors = buffer_str(&errors);
    }
    return reply;
}
