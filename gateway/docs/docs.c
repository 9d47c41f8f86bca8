/* Serves the documentation from memory. The name in a request is only compared with the names
 * below; no part of it reaches the file system. */
#include "docs.h"

#include <assert.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "accept.h"
#include "answer.h"
#include "asyncapi.h"
#include "docs_files.h"
#include "memory.h"
#include "openapi.h"
#include "static_content.h"

enum { FILE_MAX = 8 * 1024 * 1024 };

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
    {"swagger-ui-bundle.js", "text/javascript; charset=utf-8", false},
    {"swagger-ui.css", "text/css; charset=utf-8", false},
    {"favicon-32x32.png", "image/png", false},
};
enum { PARTS = sizeof parts / sizeof *parts };

struct docs {
    struct arena *arena;
    struct static_content start_base,
        start_slash; /* of the base path, and of / or the base path with it */
    struct static_content links_base,
        links_root; /* the same as JSON: below the base path, and of / */
    struct static_content openapi, asyncapi;
    struct static_content page, page_slash; /* of /docs and of /docs/ */
    struct static_content parts[PARTS];     /* without a type: not there */
};

static struct str bundled(const char *name)
{
    for (size_t i = 0; i < docs_files_count; i++)
        if (strcmp(docs_files[i].name, name) == 0)
            return (struct str){(const char *)docs_files[i].data, docs_files[i].size};
    assert(!"a file that was not compiled in");
    return STR_NONE;
}

static bool read_all(int file, char *data, size_t size)
{
    for (size_t had = 0; had < size;) {
        ssize_t more = read(file, data + had, size - had);
        if (more <= 0)
            return false;
        had += (size_t)more;
    }
    return true;
}

/* A whole file of a sensible size; absent with a log line when it cannot be had. */
static struct str read_file(struct arena *arena, const char *folder, const char *name)
{
    struct str path = arena_printf(arena, "%s/%s", folder, name);
    struct str text = STR_NONE;
    struct stat about;
    int file = open(path.data, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

    if (file >= 0 && fstat(file, &about) == 0 && S_ISREG(about.st_mode) && about.st_size > 0 &&
        about.st_size <= FILE_MAX) {
        char *data = arena_alloc(arena, (size_t)about.st_size);
        if (read_all(file, data, (size_t)about.st_size))
            text = (struct str){data, (size_t)about.st_size};
    }
    if (file >= 0)
        close(file);
    if (!text.data)
        log_warning("cannot read a file of the documentation page", LOG_TEXT("path", path));
    return text;
}

/* Answers whether the page can be shown. */
static bool load_parts(struct docs *docs, const char *folder)
{
    bool whole = true;

    for (size_t i = 0; i < PARTS; i++) {
        struct str text = STR_NONE;
        if (parts[i].bundled)
            text = bundled(parts[i].name);
        else if (folder)
            text = read_file(docs->arena, folder, parts[i].name);
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
    struct str page = bundled("start.html"), last = base;

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

struct docs *docs_new(const char *folder, struct str base_path)
{
    struct docs *docs = xcalloc(1, sizeof *docs);

    docs->arena = arena_new();
    /* As the router takes it. */
    while (base_path.size > 0 && base_path.data[base_path.size - 1] == '/')
        base_path.size--;
    docs->openapi = make_document(docs, base_path, openapi_text);
    docs->asyncapi = make_document(docs, base_path, asyncapi_text);
    struct str page = bundled(load_parts(docs, folder) ? "docs.html" : "missing.html");
    docs->page = make_page(docs, page, "docs/");
    docs->page_slash = make_page(docs, page, "");
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

/* A page for people, unless JSON is asked for. */
static void get_start(void *module, struct call *call)
{
    const struct docs *docs = module;
    struct str accept = call->exchange->head.fields[HEAD_ACCEPT];

    http_field(call->exchange, "Vary", "Accept");
    if (accept_prefers(accept, STR("application/json"), STR("text/html")))
        answer_static(call, call->route.base.size > 0 ? &docs->links_base : &docs->links_root);
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
    {"getDocumentationFile", get_documentation_file},
    {NULL, NULL},
};
