/* Serves the console from memory. The name in a request is only compared with the names of the
 * files that were read; no part of it reaches the file system. */
#define _DEFAULT_SOURCE /* scandir */

#include "console.h"

#include <assert.h>
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "answer.h"
#include "docs_files.h"
#include "etag.h"
#include "json_out.h"
#include "memory.h"
#include "static_content.h"
#include "static_file.h"

enum {
    FILES_MAX = 256, /* of each folder */
    NAME_LENGTH = 100,
};

static const char file_policy[] = "default-src 'none'; frame-ancestors 'none'";
/* Names of assets hold a hash of their content. */
static const char for_ever[] = "public, max-age=31536000, immutable";

struct console_file {
    struct str name;
    struct static_content content;
};

struct console_folder {
    struct console_file files[FILES_MAX];
    size_t count;
};

struct console {
    struct arena *arena;
    struct console_folder top, assets;
    struct static_content page, settings;
    const char *policy; /* of the page */
    bool installed;
};

static const char *type_of(struct str name)
{
    static const char *const types[][2] = {
        {".html", "text/html; charset=utf-8"},
        {".js", "text/javascript; charset=utf-8"},
        {".css", "text/css; charset=utf-8"},
        {".svg", "image/svg+xml"},
        {".png", "image/png"},
        {".woff2", "font/woff2"},
    };

    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        struct str end = str_of(types[i][0]);
        if (name.size > end.size &&
            memcmp(name.data + name.size - end.size, end.data, end.size) == 0)
            return types[i][1];
    }
    return NULL;
}

/* Compressed by the build, where it is worth it: no start waits for that. */
static struct str read_gzip(struct arena *arena, const char *folder, const char *name)
{
    struct str compressed = arena_printf(arena, "%s.gz", name);
    struct str path = arena_printf(arena, "%s/%s", folder, compressed.data);

    if (access(path.data, R_OK) != 0)
        return STR_NONE;
    return static_file_read(arena, folder, compressed.data);
}

static void add_file(struct console *console, struct console_folder *into, const char *folder,
                     const char *name, const char *cache)
{
    struct str kept = arena_copy(console->arena, str_of(name));
    const char *type = type_of(kept);

    if (!type || kept.size > NAME_LENGTH || into->count == FILES_MAX)
        return;
    struct str text = static_file_read(console->arena, folder, name);
    if (!text.data)
        return;
    into->files[into->count++] = (struct console_file){
        kept,
        {type, text, read_gzip(console->arena, folder, name), etag_make(console->arena, 0, text),
         cache},
    };
}

static void read_folder(struct console *console, struct console_folder *into, const char *folder,
                        const char *cache)
{
    struct dirent **entries;
    int count = scandir(folder, &entries, NULL, alphasort);

    if (count < 0)
        return;
    for (int i = 0; i < count; i++) {
        add_file(console, into, folder, entries[i]->d_name, cache);
        free(entries[i]);
    }
    free(entries);
}

static const struct static_content *find_file(const struct console_folder *folder, struct str name)
{
    for (size_t i = 0; i < folder->count; i++)
        if (str_equal(folder->files[i].name, name))
            return &folder->files[i].content;
    return NULL;
}

bool console_authority_usable(struct str authority)
{
    static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
                                  "-._~:/%";

    if (!str_starts_with(authority, STR("https://")) && !str_starts_with(authority, STR("http://")))
        return false;
    for (size_t i = 0; i < authority.size; i++)
        if (!memchr(allowed, authority.data[i], sizeof allowed - 1))
            return false;
    return true;
}

/* scheme://host:port of an address. */
static struct str origin_of(struct str address)
{
    size_t slashes = 0, end = 0;

    while (end < address.size && (slashes += address.data[end] == '/') < 3)
        end++;
    return (struct str){address.data, end};
}

/* Only our own files, no inline script or style, no framing; besides, the provider that people sign
 * in at. */
static const char *make_policy(struct arena *arena, const struct console_provider *provider)
{
    return arena_printf(arena,
                        "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self';"
                        " img-src 'self' data: blob:; connect-src 'self' " STR_FMT
                        "; manifest-src 'self'; base-uri 'none'; form-action 'none';"
                        " frame-ancestors 'none'",
                        STR_ARG(origin_of(provider->authority)))
        .data;
}

static void put_text(struct json *json, const char *key, struct str text)
{
    json_key(json, str_of(key));
    json_text(json, text);
}

/* What the page asks for before people sign in. */
static struct static_content make_settings(struct arena *arena,
                                           const struct console_provider *provider)
{
    struct json *json = json_new();
    struct buffer out = buffer_in(arena, 1024);

    json_start(json, &out);
    json_object_begin(json);
    put_text(json, "version", STR(TRACTION_VERSION));
    if (provider->authority.data) {
        json_key(json, STR("signIn"));
        json_object_begin(json);
        put_text(json, "authority", provider->authority);
        put_text(json, "clientId", provider->client_id);
        put_text(json, "scope", provider->scope);
        json_object_end(json);
    }
    json_object_end(json);
    json_destroy(&json);
    return static_content_make(arena, "application/json", buffer_str(&out));
}

struct console *console_new(const char *folder, const struct console_provider *provider)
{
    struct console *console = xcalloc(1, sizeof *console);
    struct str none = docs_file("console-missing.html");

    console->arena = arena_new();
    console->policy = make_policy(console->arena, provider);
    console->settings = make_settings(console->arena, provider);
    if (folder) {
        read_folder(console, &console->top, folder, NULL);
        read_folder(console, &console->assets,
                    arena_printf(console->arena, "%s/assets", folder).data, for_ever);
    }
    const struct static_content *page = find_file(&console->top, STR("index.html"));
    console->installed = page != NULL;
    console->page =
        page ? *page : static_content_make(console->arena, "text/html; charset=utf-8", none);
    return console;
}

void console_destroy(struct console **console)
{
    if (!*console)
        return;
    arena_destroy(&(*console)->arena);
    free(*console);
    *console = NULL;
}

bool console_installed(const struct console *console)
{
    return console->installed;
}

/* From the start's own address, with or without a slash at its end. */
void console_lead(struct call *call)
{
    struct str rest = head_path(&call->exchange->head), last = STR("");

    while (rest.data)
        last = str_cut(&rest, '/');
    answer_redirect(call, last.size > 0
                              ? arena_printf(call->arena, STR_FMT "/console/", STR_ARG(last))
                              : STR("console/"));
}

/* The page's own addresses are relative, so it has to be asked for with a slash. */
static void get_console(void *module, struct call *call)
{
    const struct console *console = module;
    struct str path = head_path(&call->exchange->head);

    if (path.data[path.size - 1] != '/') {
        answer_redirect(call, STR("console/"));
        return;
    }
    http_field(call->exchange, "Content-Security-Policy", console->policy);
    http_field(call->exchange, "Referrer-Policy", "no-referrer");
    answer_static(call, &console->page);
}

static void answer_file(struct call *call, const struct static_content *content)
{
    if (!content) {
        answer_fault(call, STATUS_ROUTE_NOT_FOUND, STR_NONE);
        return;
    }
    http_field(call->exchange, "Content-Security-Policy", file_policy);
    answer_static(call, content);
}

static void get_file(void *module, struct call *call)
{
    const struct console *console = module;
    struct str name = call->route.values[0];

    assert(call->route.count == 1);
    if (str_equal(name, STR("settings.json")))
        answer_static(call, &console->settings);
    else if (str_equal(name, STR("index.html")))
        answer_file(call, NULL); /* it has one address */
    else
        answer_file(call, find_file(&console->top, name));
}

static void get_asset(void *module, struct call *call)
{
    const struct console *console = module;

    assert(call->route.count == 1);
    answer_file(call, find_file(&console->assets, call->route.values[0]));
}

const struct own_handler console_handlers[] = {
    {"getConsole", get_console},
    {"getConsoleFile", get_file},
    {"getConsoleAsset", get_asset},
    {NULL, NULL},
};
