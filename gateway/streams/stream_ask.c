/* Requests entries from svc-realtime, and reads its pages, requested or published. */
#include <string.h>

#include "event_types.h"
#include "streams_state.h"

enum { ASK_MS = 2000 };

struct page_call {
    struct arena *arena;
    struct request request;
    stream_page_fn *done;
    void *argument;
};

/* A type that a newer release has: /asyncapi.json does not describe it, so no client gets it. */
static void forget_unknown_types(struct stream_page *page)
{
    struct stream_entry *entries = page->entries.items;

    for (size_t i = 0; i < page->entries.count; i++)
        if (!event_type_find(entries[i].type))
            entries[i].type = STR_NONE;
}

bool stream_page_read(struct arena *arena, struct str packed, struct stream_page *page)
{
    struct field_errors errors;
    struct value data;

    field_errors_init(&errors, arena);
    model_clear(AS(stream_page, page));
    if (!unpack(arena, packed, &data) ||
        !model_decode(AS(stream_page, page), &data, DECODE_CREATE, &errors, NULL) ||
        !page->epoch.data || page->epoch.size >= EPOCH_MAX)
        return false;
    forget_unknown_types(page);
    return true;
}

static void on_page(void *argument, enum bus_outcome outcome, const struct reply *reply)
{
    struct page_call *asking = argument;
    struct arena *arena = asking->arena;
    struct stream_page page;
    bool read =
        outcome == BUS_REPLIED && reply->http == 200 && stream_page_read(arena, reply->data, &page);

    asking->done(asking->argument, read ? &page : NULL);
    arena_destroy(&arena);
}

void stream_ask(struct streams *streams, struct str tenant, const struct stream_read *read,
                stream_page_fn *done, void *argument)
{
    struct arena *arena = arena_new();
    struct page_call *asking = arena_alloc(arena, sizeof *asking);
    struct buffer body = buffer_in(arena, 128);

    struct stream_read copy = *read;
    model_pack(AS(stream_read, &copy), &body);
    asking->arena = arena;
    asking->done = done;
    asking->argument = argument;
    asking->request = request_for(STR("readStream"));
    asking->request.request_id = STR("stream");
    asking->request.remaining_ms = ASK_MS;
    asking->request.tenant = arena_copy(arena, tenant);
    asking->request.user = STR("gateway");
    asking->request.body = buffer_str(&body);
    bus_call(streams->shared->upstream->services[SERVICE_REALTIME], &asking->request, on_page,
             asking);
}
