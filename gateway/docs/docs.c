/* Serves the documentation from memory. The name in a request is only compared with the names
 * below; no part of it reaches the file system. */
#include "docs.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "accept.h"
#include "answer.h"
#include "asyncapi.h"
#include "docs_files.h"
#include "memory.h"
#include "openapi.h"
#include "static_content.h"
#include "static_file.h"

/* Only our own files, and no framing of the page. swagger-ui sets styles on its elements, and loads
 * its icons from data: addresses. */
static const char page_policy[] =
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:;"
    " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
static const char file_policy[] = "default-src 'none'; frame-ancestors 'none'";

/* Everything there is below /docs/. */
static const struct docs_part {
    const char *name, *type;
    bool bundled; /* with the gateway; else with swagger-ui */
} parts[] = {
    {"docs.js", "text/javascript; charset=utf-8", true},
    {"docs.css", "text/css; charset=utf-8", true},
    {"token.js", "text/javascript; charset=utf-8", true},
    {"streams.js", "text/javascript; charset=utf-8", true},
    {"swagger-ui-bundle.js", "text/javascript; charset=utf-8", false},
    {"swagger-ui.css", "text/css; charset=utf-8", false},
    {"favicon-32x32.png", "image/png", false},
};
enum { PARTS = sizeof parts / sizeof *parts };

struct docs {
    struct arena *arena;
    const struct console *console;
    struct static_content start_base,
        start_slash; /* of the base path, and of / or the base path with it */
    struct static_content links_base,
        links_root; /* the same as JSON: below the base path, and of / */
    struct static_content openapi, asyncapi;
    struct static_content page, page_slash;       /* of /docs and of /docs/ */
    struct static_content streams, streams_slash; /* likewise */
    struct static_content parts[PARTS];           /* without a type: not there */
};

/* Answers whether the page can be shown. */
static bool load_parts(struct docs *docs, const char *folder)
{
    bool whole = true;

    for (size_t i = 0; i < PARTS; i++) {
        struct str text = STR_NONE;
        if (parts[i].bundled)
            text = docs_file(parts[i].name);
        else if (folder)
            text = static_file_read(docs->arena, folder, parts[i].name);
        if (text.data)
            docs->parts[i] = static_content_make(docs->arena, parts[i].type, text);
        else
            whole = false;
    }
    return whole;
}

/* The page with the way from it to its files: addresses are relative, so that it works under any
 * prefix. */
static struct static_content make_page(struct docs *docs, struct str page, const char *way)
{
    static const char mark[] = "{docs}";
    struct buffer out = buffer_in(docs->arena, page.size + 64);
    size_t size = sizeof mark - 1;

    while (page.size > 0) {
        bool marked = page.size >= size && memcmp(page.data, mark, size) == 0;
        size_t step = marked ? size : 1;
        if (marked)
            buffer_append(&out, way, strlen(way));
        else
            buffer_append(&out, page.data, 1);
        page = (struct str){page.data + step, page.size - step};
    }
    return static_content_make(docs->arena, "text/html; charset=utf-8", buffer_str(&out));
}

/* The start as JSON. */
static struct static_content make_links(struct docs *docs, struct str base)
{
    static const char format[] =
        "{\"success\":true,\"data\":{\"service\":\"traction\",\"version\":\"" TRACTION_VERSION "\","
        "\"documentation\":\"" STR_FMT "/docs\",\"openapi\":\"" STR_FMT "/openapi.json\","
        "\"asyncapi\":\"" STR_FMT "/asyncapi.json\",\"health\":\"" STR_FMT "/health\"}}";

    return static_content_make(docs->arena, "application/json",
                               arena_printf(docs->arena, format, STR_ARG(base), STR_ARG(base),
                                            STR_ARG(base), STR_ARG(base)));
}

/* Below /api/v1 a relative address goes on from /api. */
static void make_start(struct docs *docs, struct str base)
{
    struct str page = docs_file("start.html"), last = base;

    for (struct str rest = base; rest.data;)
        last = str_cut(&rest, '/');
    docs->start_slash = make_page(docs, page, "");
    docs->start_base =
        make_page(docs, page, arena_printf(docs->arena, STR_FMT "/", STR_ARG(last)).data);
    docs->links_root = make_links(docs, STR(""));
    docs->links_base = make_links(docs, base);
}

/* Writing it takes many times the room of what is kept. */
static struct static_content make_document(struct docs *docs, struct str base_path,
                                           struct str (*write)(struct arena *, struct json *,
                                                               struct str))
{
    struct arena *scratch = arena_new();
    struct json *json = json_new();
    struct str text = arena_copy(docs->arena, write(scratch, json, base_path));

    json_destroy(&json);
    arena_destroy(&scratch);
    return static_content_make(docs->arena, "application/json", text);
}

struct docs *docs_new(const char *folder, struct str base_path, const struct console *console)
{
    struct docs *docs = xcalloc(1, sizeof *docs);

    docs->arena = arena_new();
    docs->console = console;
    /* As the router takes it. */
    while (base_path.size > 0 && base_path.data[base_path.size - 1] == '/')
        base_path.size--;
    docs->openapi = make_document(docs, base_path, openapi_text);
    docs->asyncapi = make_document(docs, base_path, asyncapi_text);
    struct str page = docs_file(load_parts(docs, folder) ? "docs.html" : "missing.html");
    docs->page = make_page(docs, page, "docs/");
    docs->page_slash = make_page(docs, page, "");
    docs->streams = make_page(docs, docs_file("streams.html"), "");
    docs->streams_slash = make_page(docs, docs_file("streams.html"), "../");
    make_start(docs, base_path);
    return docs;
}

void docs_destroy(struct docs **docs)
{
    if (!*docs)
        return;
    arena_destroy(&(*docs)->arena);
    free(*docs);
    *docs = NULL;
}

static void answer_page(struct call *call, const struct static_content *page,
                        const struct static_content *page_slash)
{
    struct str path = head_path(&call->exchange->head);
    bool slash = path.size > 0 && path.data[path.size - 1] == '/';

    http_field(call->exchange, "Content-Security-Policy", page_policy);
    http_field(call->exchange, "Referrer-Policy", "no-referrer");
    answer_static(call, slash ? page_slash : page);
}

/* Browsers, which name text/html, are led to the console when there is one. Others get a page, or
 * JSON when they ask for it. */
static void get_start(void *module, struct call *call)
{
    const struct docs *docs = module;
    struct str accept = call->exchange->head.fields[HEAD_ACCEPT];

    http_field(call->exchange, "Vary", "Accept");
    if (accept_prefers(accept, STR("application/json"), STR("text/html")))
        answer_static(call, call->route.base.size > 0 ? &docs->links_base : &docs->links_root);
    else if (console_installed(docs->console) &&
             accept_prefers(accept, STR("text/html"), STR("text/plain")))
        console_lead(call);
    else
        answer_page(call, &docs->start_base, &docs->start_slash);
}

static void get_openapi(void *module, struct call *call)
{
    const struct docs *docs = module;

    answer_static(call, &docs->openapi);
}

static void get_asyncapi(void *module, struct call *call)
{
    const struct docs *docs = module;

    answer_static(call, &docs->asyncapi);
}

static void get_documentation(void *module, struct call *call)
{
    const struct docs *docs = module;

    answer_page(call, &docs->page, &docs->page_slash);
}

static void get_streams_page(void *module, struct call *call)
{
    const struct docs *docs = module;

    answer_page(call, &docs->streams, &docs->streams_slash);
}

static void get_documentation_file(void *module, struct call *call)
{
    const struct docs *docs = module;

    assert(call->route.count == 1);
    for (size_t i = 0; i < PARTS; i++) {
        if (!docs->parts[i].type || !str_equal(call->route.values[0], str_of(parts[i].name)))
            continue;
        http_field(call->exchange, "Content-Security-Policy", file_policy);
        answer_static(call, &docs->parts[i]);
        return;
    }
    answer_fault(call, STATUS_ROUTE_NOT_FOUND, STR_NONE);
}

const struct own_handler docs_handlers[] = {
    {"getStart", get_start},
    {"getOpenAPI", get_openapi},
    {"getAsyncAPI", get_asyncapi},
    {"getDocumentation", get_documentation},
    {"getStreamsPage", get_streams_page},
    {"getDocumentationFile", get_documentation_file},
    {NULL, NULL},
};
