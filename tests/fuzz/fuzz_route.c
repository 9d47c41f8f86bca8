/* From a request's head to an operation: the input is a method, a target and fields, a line each.
 * A path that was found means the same when it is written down again. */
#include "fuzz.h"
#include "head.h"
#include "router.h"
#include "unpack.h"
#include "uri.h"

static struct arena *arena;
static struct router *router;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    arena = arena_new();
    router = router_new(STR("/traction/api/v1"));
    return 0;
}

static void check_route(struct str method, struct str path)
{
    struct http_route route = router_find(router, arena, router_method(method), path);
    struct value values;

    if (route.outcome == ROUTE_METHOD)
        MUST(route.methods != 0 && route_allow(arena, route.methods).size > 0);
    if (route.outcome != ROUTE_FOUND)
        return;
    MUST(unpack(arena, route_pack_values(arena, &route), &values) && values.count == route.count);
    struct http_route again =
        router_find(router, arena, route.operation->method, route_path(arena, &route));
    MUST(again.operation == route.operation && again.count == route.count);
    for (size_t i = 0; i < route.count; i++)
        MUST(str_equal(again.values[i], route.values[i]));
}

static void check_query(struct str text)
{
    struct url_query query;
    struct value values;
    const char *why = NULL;

    if (!query_parse(arena, text, &query, &why)) {
        MUST(why != NULL);
        return;
    }
    struct str packed = query_pack(arena, &query);
    MUST(!packed.data == (query.count == 0));
    MUST(!packed.data || unpack(arena, packed, &values));
    query_take(&query, "access_token");
    query_pack(arena, &query);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str input = fuzz_exact(data, size), rest = input;
    struct head head = {.version = STR("HTTP/1.1")};

    head.method = str_cut(&rest, '\n');
    head.target = str_cut(&rest, '\n');
    while (rest.data) {
        struct str value = str_cut(&rest, '\n'), name = str_cut(&value, ':');
        head_add(&head, arena, name, value.data ? value : STR(""));
    }
    head_finish(&head);
    if (head.target.data) {
        check_route(head.method, head_path(&head));
        check_query(head_query(&head));
    }
    arena_reset(arena);
    free((void *)(uintptr_t)input.data);
    return 0;
}
