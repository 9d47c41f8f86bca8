/* Finds out what an answer's size depends on. The services refuse most of such requests themselves,
 * before they read the rows. */
#include "answer_limit.h"

#include <string.h>

/* As it was sent; `packed` is the whole query or body. */
static struct str sent_name(struct call *call, const struct model *model, struct str packed,
                            const char *name)
{
    struct value sent = {.type = VALUE_ABSENT};

    if (packed.data)
        unpack(call->arena, packed, &sent);
    return model_sent_path(model, &sent, str_of(name), call->arena);
}

struct str answer_limit_field(struct call *call)
{
    const struct operation *operation = call->route.operation;
    const struct model *query = operation->query, *body = operation->body;

    for (size_t i = 0; query && i < query->count; i++)
        if (!strcmp(query->fields[i].name, "size"))
            return sent_name(call, query, query_pack(call->arena, &call->query), "size");
    for (size_t i = 0; body && i < body->count; i++)
        if (body->fields[i].type == FIELD_UUIDS)
            return sent_name(call, body, call->body, body->fields[i].name);
    return STR_NONE;
}

enum status answer_limit_hold(struct call *call, const struct reply *reply)
{
    size_t bytes = reply->data.size + reply->data.size / 2; /* JSON has some more than msgpack */
    bytes += reply->json.size;
    struct held *held = call->shared->held;

    if (bytes < HELD_MIN)
        return STATUS_OK;
    if (!reply->file && !(call->route.operation->flags & OPERATION_WRITES))
        return held_take(held, &call->hold, call->identity.tenant, bytes);
    held_add(held, &call->hold, call->identity.tenant, bytes);
    return STATUS_OK;
}
