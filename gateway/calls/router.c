/* The router: a tree of path segments made from the table of operations. It matches decoded
 * segments of the raw path, so that %2F never separates and %3A is a colon. */
#include "router.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "address.h"
#include "memory.h"
#include "pack.h"
#include "uri.h"

enum { SEGMENTS_MAX = 8 };

/* Tried in this order, so that fixed segments have precedence over parameters. */
enum kind { KIND_TEXT, KIND_VERB, KIND_VALUE };

struct node {
    enum kind kind;
    struct str text; /* the segment; of a KIND_VERB what follows the parameter (":activate") */
    struct str twin; /* of KIND_TEXT: what may stand in its place (address.h); else absent */
    struct node *first, *next;
    bool has_verbs; /* a child is a KIND_VERB */
    unsigned form;  /* where a path ends: the form in which it is not the operation's own */
    unsigned methods;
    const struct operation *operations[METHOD_COUNT];
};

struct router {
    struct arena *arena;
    struct node root;
    struct str base;
};

static struct node *child(struct router *router, struct node *node, enum kind kind, struct str text)
{
    struct node **at = &node->first;

    for (; *at && (*at)->kind <= kind; at = &(*at)->next)
        if ((*at)->kind == kind && str_equal((*at)->text, text))
            return *at;
    struct node *added = arena_alloc(router->arena, sizeof *added);
    *added = (struct node){.kind = kind, .text = text, .next = *at};
    if (kind == KIND_TEXT)
        added->twin = address_twin(router->arena, text);
    *at = added;
    node->has_verbs |= kind == KIND_VERB;
    return added;
}

/* `path` is a bare one, and absent where there is none. */
static void add(struct router *router, const struct operation *operation, struct str path,
                unsigned form)
{
    struct node *node = &router->root;
    struct str rest = path;

    if (!path.data)
        return;
    str_cut(&rest, '/');
    while (rest.data && rest.size > 0) {
        struct str segment = str_cut(&rest, '/');
        if (segment.size == 0 || segment.data[0] != '{') {
            node = child(router, node, KIND_TEXT, segment);
            continue;
        }
        struct str verb = segment;
        str_cut(&verb, '}');
        node = child(router, node, verb.size > 0 ? KIND_VERB : KIND_VALUE,
                     verb.size > 0 ? verb : STR(""));
    }
    assert(!node->operations[operation->method]);
    node->operations[operation->method] = operation;
    node->methods |= 1u << operation->method;
    node->form |= form;
}

/* Where the words of measures lead to a node of their own, all methods must be there. */
static void add_beside(struct router *router, const struct operation *operation)
{
    struct str path = address_bare(str_of(operation->path));

    for (unsigned form = ADDRESS_MEASURES; address_beside_own(router->arena, operation);
         form |= ADDRESS_PLANNING) {
        add(router, operation, address_spell(router->arena, path, form), form);
        if (!(operation->flags & OPERATION_PLANS) || (form & ADDRESS_PLANNING))
            return;
    }
}

struct router *router_new(struct str base_path)
{
    struct router *router = xcalloc(1, sizeof *router);

    router->arena = arena_new();
    while (base_path.size > 0 && base_path.data[base_path.size - 1] == '/')
        base_path.size--;
    router->base = base_path;
    for (size_t i = 0; i < operation_count; i++) {
        const struct operation *operation = &operations[i];
        if (operation->flags & OPERATION_INTERNAL)
            continue;
        struct str bare = address_bare(str_of(operation->path));
        add(router, operation, bare, 0);
        add(router, operation, address_short(bare), ADDRESS_SHORT);
        for (unsigned form = ADDRESS_SHARED; form <= ADDRESS_LINK; form *= 2)
            add(router, operation, address_planned(router->arena, operation, form), form);
        add_beside(router, operation);
    }
    return router;
}

void router_destroy(struct router **router)
{
    if (!*router)
        return;
    arena_destroy(&(*router)->arena);
    free(*router);
    *router = NULL;
}

enum http_method router_method(struct str method)
{
    for (int known = METHOD_GET; known < METHOD_COUNT; known++)
        if (str_equal(method, str_of(method_names[known])))
            return (enum http_method)known;
    return str_equal(method, STR("HEAD")) ? METHOD_GET : METHOD_NONE;
}

/* `by_twin` receives whether the segment is what may stand in the place of the node's own. */
static bool fits(const struct node *parent, const struct node *node, struct str segment,
                 struct str *value, bool *by_twin)
{
    size_t verb = node->text.size;

    switch (node->kind) {
    case KIND_TEXT:
        *by_twin = node->twin.data && str_equal(node->twin, segment);
        return *by_twin || str_equal(node->text, segment);
    case KIND_VERB:
        *value = (struct str){segment.data, segment.size - verb};
        return segment.size > verb &&
               memcmp(segment.data + segment.size - verb, node->text.data, verb) == 0;
    case KIND_VALUE:
        /* Where the path has verbs, a colon starts an unknown verb and is not part of an id. */
        *value = segment;
        return segment.size > 0 && !(parent->has_verbs && memchr(segment.data, ':', segment.size));
    }
    return false;
}

static const struct node *find(const struct node *node, const struct str *segments, size_t count,
                               struct http_route *route);

/* Below the node: where the segment itself is what is said, or else. */
static const struct node *find_below(const struct node *node, const struct str *segments,
                                     size_t count, struct http_route *route, bool itself)
{
    for (const struct node *next = node->first; next; next = next->next) {
        struct str value;
        bool by_twin = false;
        if (!fits(node, next, segments[0], &value, &by_twin) ||
            itself != (next->kind == KIND_TEXT && !by_twin))
            continue;
        size_t before = route->count;
        unsigned form = route->form;
        if (by_twin)
            route->form |= ADDRESS_MEASURES;
        if (next->kind != KIND_TEXT) {
            assert(before < ROUTE_VALUES_MAX);
            route->values[route->count++] = value;
        }
        const struct node *found = find(next, segments + 1, count - 1, route);
        if (found)
            return found;
        route->count = before;
        route->form = form;
    }
    return NULL;
}

/* The first node in order of preference that ends the path and has an operation. */
static const struct node *find(const struct node *node, const struct str *segments, size_t count,
                               struct http_route *route)
{
    if (count == 0)
        return node->methods ? node : NULL;
    const struct node *found = find_below(node, segments, count, route, true);
    return found ? found : find_below(node, segments, count, route, false);
}

static bool under_base(const struct router *router, struct str path)
{
    struct str base = router->base;

    return base.size > 0 && str_starts_with(path, base) &&
           (path.size == base.size || path.data[base.size] == '/');
}

/* ROUTE_FOUND, with the decoded segments of the path; otherwise what is to be answered. */
static enum route_outcome split(struct arena *arena, struct str path, struct str *segments,
                                size_t *count)
{
    if (path.size > 0 && path.data[path.size - 1] == '/')
        path.size--;
    struct str rest = path; /* empty for the start, else what follows a slash */
    str_cut(&rest, '/');
    for (*count = 0; rest.data; ++*count) {
        struct str segment = str_cut(&rest, '/');
        if (*count == SEGMENTS_MAX)
            return ROUTE_UNKNOWN;
        if (!uri_decode(arena, segment, &segments[*count]))
            return ROUTE_MALFORMED;
    }
    return ROUTE_FOUND;
}

struct http_route router_find(const struct router *router, struct arena *arena,
                              enum http_method method, struct str path)
{
    struct http_route route = {.outcome = ROUTE_UNKNOWN, .base = STR("")};
    struct str segments[SEGMENTS_MAX], *first = segments;
    size_t count = 0;

    if (under_base(router, path)) {
        route.base = router->base;
        path = (struct str){path.data + router->base.size, path.size - router->base.size};
    }
    enum route_outcome outcome = split(arena, path, segments, &count);
    if (outcome != ROUTE_FOUND) {
        route.outcome = outcome;
        return route;
    }
    if (count > 1 && str_equal(*first, STR("api"))) { /* alone it is none of the addresses */
        route.form |= ADDRESS_API;
        first++;
        count--;
    }
    const struct node *node = find(&router->root, first, count, &route);
    if (!node)
        return route;
    route.form |= node->form;
    route.methods = node->methods;
    route.operation = node->operations[method];
    route.outcome = route.operation ? ROUTE_FOUND : ROUTE_METHOD;
    return route;
}

/* The next "{name}" of a path; moves `rest` behind it, and answers what was before it in `before`.
 */
static bool next_parameter(struct str *rest, struct str *before, struct str *name)
{
    *before = str_cut(rest, '{');
    if (!rest->data)
        return false;
    *name = str_cut(rest, '}');
    return true;
}

struct str route_pack_values(struct arena *arena, const struct http_route *route)
{
    struct buffer out = buffer_in(arena, 96);
    struct str rest = str_of(route->operation->path), before, name;

    pack_map(&out, route->count);
    for (size_t i = 0; i < route->count && next_parameter(&rest, &before, &name); i++) {
        pack_text(&out, i == 0 && (route->form & ADDRESS_LINK) ? STR("linkId") : name);
        pack_text(&out, route->values[i]);
    }
    return buffer_str(&out);
}

struct str route_path(struct arena *arena, const struct http_route *route)
{
    if (route->count == 0)
        return str_of(route->operation->path);
    struct buffer out = buffer_in(arena, 128);
    struct str rest = str_of(route->operation->path), before, name;
    for (size_t i = 0; i < route->count && next_parameter(&rest, &before, &name); i++) {
        struct str value = uri_encode(arena, route->values[i]);
        buffer_append(&out, before.data, before.size);
        buffer_append(&out, value.data, value.size);
    }
    buffer_append(&out, rest.data, rest.size);
    return buffer_str(&out);
}

struct str route_location(struct arena *arena, const struct http_route *route, struct str location)
{
    struct str spelled = address_spell(arena, location, route->form);

    return arena_printf(arena, STR_FMT STR_FMT, STR_ARG(route->base), STR_ARG(spelled));
}

struct str route_allow(struct arena *arena, unsigned methods)
{
    static const char *const names[METHOD_COUNT] = {"",      "GET, HEAD, ", "POST, ",
                                                    "PUT, ", "PATCH, ",     "DELETE, "};
    struct buffer out = buffer_in(arena, 48);

    for (size_t i = METHOD_GET; i < METHOD_COUNT; i++)
        if (methods & 1u << i)
            buffer_append(&out, names[i], strlen(names[i]));
    buffer_append(&out, "OPTIONS", sizeof "OPTIONS");
    return (struct str){out.data, out.size - 1}; /* NUL-terminated for a header field */
}
