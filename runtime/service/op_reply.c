/* The answer of a handler: packed into the request's arena, sent by dispatch.c after the commit. */
#include <assert.h>

#include "fiber.h"
#include "json.h"
#include "op_state.h"
#include "pack.h"

enum { REPLY_FIRST = 512, JSON_FIRST = 64 * 1024 };

/* The reply to be filled in; saying it twice is a bug. */
static struct reply *reply_of(struct op *op)
{
    struct op_state *state = op->state;
    enum status status = state->created ? STATUS_CREATED : STATUS_OK;

    assert(!state->replied);
    state->replied = true;
    state->reply.http = status_http(status);
    state->reply.code = str_of(status_code(status));
    return &state->reply;
}

void op_created(struct op *op, struct str location)
{
    assert(!op->state->replied);
    op->state->created = true;
    op->state->reply.location = location;
}

void op_reply_packed(struct op *op, struct str data, int64_t version)
{
    if (op_failed(op))
        return;
    struct reply *reply = reply_of(op);
    reply->data = data;
    reply->version = version;
}

void op_reply_json(struct op *op, struct str data)
{
    if (op_failed(op))
        return;
    assert(op->request->takes_json);
    assert(!(op->operation->flags & OPERATION_WRITES)); /* stored answers are packed */
    struct reply *reply = reply_of(op);
    reply->json = data;
    reply->version = -1;
}

void op_reply(struct op *op, struct bound data, int64_t version)
{
    if (op_failed(op))
        return;
    struct buffer out = buffer_in(op->arena, REPLY_FIRST);
    model_pack(data, &out);
    op_reply_packed(op, buffer_str(&out), version);
}

/* Absent when it would have too many bytes. */
static struct str json_of(struct op *op, struct bound data)
{
    struct buffer out = buffer_in(op->arena, JSON_FIRST);
    struct json *json = json_new();

    json_start_limited(json, &out, (size_t)op_answer_max());
    model_json(data, json, fiber_yield_in_time);
    bool fits = !json_overflows(json);
    json_destroy(&json);
    return fits ? buffer_str(&out) : STR_NONE;
}

void op_reply_large(struct op *op, struct bound data)
{
    struct str json = STR_NONE;

    if (!op_failed(op) && op->request->takes_json)
        json = json_of(op, data);
    if (json.data)
        op_reply_json(op, json);
    else
        op_reply(op, data, -1); /* the gateway refuses what is too large */
}

static struct str packed_page(struct op *op, const struct paging *paging, int64_t total,
                              struct bound last)
{
    bool has_cursors = op->state->cursor_scope.data != NULL;
    bool by_cursor = has_cursors && !uuid_is_none(paging->after_id);
    bool by_offset = paging->offset != INT_NONE;
    int64_t before = by_offset ? paging->offset : (paging->page - 1) * paging->size;
    struct str next_cursor = cursor_after(op, last);
    bool has_next = has_cursors ? next_cursor.data != NULL : before + paging->size < total;
    bool is_more = op->state->searched && total > SEARCH_TOTAL_MAX;
    total = is_more ? SEARCH_TOTAL_MAX : total;
    struct pagination page = {
        .page = by_cursor ? INT_NONE : before / paging->size + 1,
        .size = paging->size,
        .total = total,
        .total_pages = total / paging->size + (total % paging->size != 0),
        .has_next = has_next,
        .has_previous = by_cursor || before > 0,
        .total_is_lower_bound = is_more,
        .next_cursor = next_cursor,
    };
    struct buffer out = buffer_in(op->arena, 128);

    model_pack((struct bound){has_cursors ? &cursor_pagination_model : &pagination_model, &page},
               &out);
    return buffer_str(&out);
}

/* Most lists have items of about the same size, and a buffer of megabytes that has to grow is
 * copied again and again. */
static void reserve_rest(struct buffer *out, size_t count)
{
    size_t rest = out->size * (count - 1);

    buffer_reserve(out, rest < (size_t)op_answer_max() ? rest : (size_t)op_answer_max());
}

static void reply_list(struct op *op, const struct buffer *out, const struct paging *paging,
                       int64_t total, struct bound last)
{
    struct reply *reply = reply_of(op);

    reply->data = buffer_str(out);
    if (paging)
        reply->page = packed_page(op, paging, total, last);
}

void op_reply_list(struct op *op, const struct model *model, struct list list,
                   const struct paging *paging, int64_t total)
{
    if (op_failed(op))
        return;
    struct buffer out = buffer_in(op->arena, REPLY_FIRST);
    char *item = list.items;
    pack_array(&out, list.count);
    for (size_t i = 0; i < list.count; i++, item += model->size) {
        fiber_yield_in_time();
        model_pack((struct bound){model, item}, &out);
        if (i == 0)
            reserve_rest(&out, list.count);
        if (paging && (int64_t)out.size > op_answer_max()) {
            op_page_too_large(op, i);
            return;
        }
    }
    reply_list(op, &out, paging, total,
               (struct bound){model, list.count > 0 ? item - model->size : NULL});
}

void op_reply_packed_list(struct op *op, const struct str *items, size_t count,
                          const struct paging *paging, int64_t total, struct bound last)
{
    size_t size = REPLY_FIRST;

    if (op_failed(op))
        return;
    for (size_t i = 0; i < count; i++) {
        size += items[i].size;
        if (paging && (int64_t)size > op_answer_max() + REPLY_FIRST) {
            op_page_too_large(op, i);
            return;
        }
    }
    struct buffer out = buffer_in(op->arena, size);
    pack_array(&out, count);
    for (size_t i = 0; i < count; i++)
        buffer_append(&out, items[i].data, items[i].size);
    reply_list(op, &out, paging, total, last);
}

void op_reply_deleted(struct op *op, struct uuid id)
{
    if (op_failed(op))
        return;
    struct buffer out = buffer_in(op->arena, 96);
    pack_map(&out, 2);
    pack_key(&out, "id");
    pack_uuid(&out, id);
    pack_key(&out, "deletedAt");
    pack_time(&out, op->now);
    op_reply_packed(op, buffer_str(&out), -1);
}

void op_reply_extra(struct op *op, struct str map)
{
    if (op_failed(op))
        return;
    reply_of(op)->extra = map;
}

void op_reply_file(struct op *op, struct str name, struct str type, struct str bytes)
{
    if (op_failed(op))
        return;
    struct buffer out = buffer_in(op->arena, bytes.size + name.size + type.size + 64);
    pack_map(&out, 3);
    pack_key(&out, "name");
    pack_text(&out, name);
    pack_key(&out, "type");
    pack_text(&out, type);
    pack_key(&out, "bytes");
    pack_bytes(&out, bytes);
    struct reply *reply = reply_of(op);
    reply->data = buffer_str(&out);
    reply->file = true;
}

void op_degraded(struct op *op, enum service service)
{
    assert(op->operation->flags & OPERATION_DEGRADES); /* or the documentation says nothing of it */
    op->state->reply.degraded = str_of(service_names[service]);
}
