/* Requests entries from svc-realtime, and reads its pages, requested or published. */
#include <string.h>

#include "streams_state.h"

enum { ASK_MS = 2000 };

struct page_call {
    struct arena *arena;
    struct request request;
    stream_page_fn *done;
    void *argument;
};

bool stream_page_read(struct arena *arena, struct str packed, struct stream_page *page)
{
    struct field_errors errors;
    struct value data;

    field_errors_init(&errors, arena);
    model_clear(AS(stream_page, page));
    return unpack(arena, packed, &data) &&
           model_decode(AS(stream_page, page), &data, DECODE_CREATE, &errors, NULL) &&
           page->epoch.data && page->epoch.size < EPOCH_MAX;
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
