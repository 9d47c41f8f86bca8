/* The rig of service tests. It must not know any service. */
#define _GNU_SOURCE /* setenv, mkdtemp, prctl's signal */

#include "service_rig.h"

#include <ctype.h>
#include <jansson.h>
#include <libpq-fe.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bus_client.h"
#include "event.h"
#include "log.h"
#include "pack.h"
#include "postgres.h"
#include "timestamp.h"

enum { ASK_MS = 20000, KEPT_MOST = 1 << 20 };

struct rig_caller caller;

static struct {
    char folder[64], endpoint[128];
    const char *database; /* URL as superuser */
    const char *schema;
    pid_t program;
} rig;

static struct { /* of the test's process */
    struct arena *arena;
    struct loop *loop;
    struct bus_client *client;
    PGconn *database;
    pid_t owner;
} mine;

/* --- The program --- */

static pid_t run(const char *program, const char *option)
{
    pid_t parent = getpid(), pid = fork();

    if (pid < 0) {
        perror("fork");
        exit(EXIT_FAILURE);
    }
    if (pid > 0)
        return pid;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(1);
    setenv("TRACTION_BUS_DIR", rig.folder, 1);
    setenv("TRACTION_LOG_LEVEL", "warning", 1);
    setenv("TRACTION_MIGRATE_DATABASE_URL", rig.database, 1);
    char role[64];
    snprintf(role, sizeof role, "svc_%s", rig.schema);
    setenv("TRACTION_DATABASE_URL", postgres_url_as(rig.database, role), 1);
    execl(program, program, option, (char *)NULL);
    perror(program);
    _exit(1);
}

void rig_start(const char *program, const char *schema)
{
    const char *name = strrchr(program, '/');
    int status;

    postgres_start();
    snprintf(rig.folder, sizeof rig.folder, "/tmp/traction-rig-XXXXXX");
    if (!mkdtemp(rig.folder)) {
        perror("mkdtemp");
        exit(EXIT_FAILURE);
    }
    rig.database = postgres_new_database();
    rig.schema = schema;
    snprintf(rig.endpoint, sizeof rig.endpoint, "ipc://%s/%s.sock", rig.folder,
             name ? name + 1 : program);
    waitpid(run(program, "--migrate"), &status, 0);
    if (status != 0) {
        fprintf(stderr, "the migration failed\n");
        exit(EXIT_FAILURE);
    }
    rig.program = run(program, NULL);
}

void rig_stop(void)
{
    char command[160];

    kill(rig.program, SIGTERM);
    waitpid(rig.program, NULL, 0);
    snprintf(command, sizeof command, "rm -rf %s", rig.folder);
    if (system(command) != 0)
        fprintf(stderr, "%s stays\n", rig.folder);
    postgres_stop();
}

/* --- The caller --- */

static void take_over(void)
{
    if (mine.owner == getpid())
        return;
    mine.owner = getpid();
    log_open("test", LOG_WARNING);
    mine.arena = arena_new();
    mine.loop = loop_new();
    mine.client = bus_client_new(mine.loop, "service", rig.endpoint, 64, ASK_MS);
    mine.database = PQconnectdb(rig.database);
    ck_assert_msg(PQstatus(mine.database) == CONNECTION_OK, "%s", PQerrorMessage(mine.database));
    rig_new_tenant();
}

void rig_new_tenant(void)
{
    static int count;

    if (mine.owner != getpid()) {
        take_over();
        return;
    }
    caller = (struct rig_caller){.tenant = format("tenant-%d-%d", (int)getpid(), ++count),
                                 .user = "user-1",
                                 .user_name = "Uma One",
                                 .if_version = -1};
    for (size_t i = 0; i < LIMIT_COUNT; i++)
        caller.limits[i] = LIMIT_NONE;
}

const char *format(const char *pattern, ...)
{
    va_list arguments;

    if (!mine.arena)
        take_over();
    va_start(arguments, pattern);
    struct str text = arena_vprintf(mine.arena, pattern, arguments);
    va_end(arguments);
    return arena_copy(mine.arena, text).data;
}

/* --- JSON and msgpack --- */

static char *swapped(const char *text, char from, char to)
{
    size_t size = strlen(text) + 1;
    char *copy = arena_alloc(mine.arena, size);

    for (size_t i = 0; i < size; i++)
        copy[i] = text[i] == from ? to : text[i];
    return copy;
}

static void pack_json(struct buffer *out, json_t *json)
{
    const char *key;
    json_t *item;
    size_t i;

    switch (json_typeof(json)) {
    case JSON_OBJECT:
        pack_map(out, json_object_size(json));
        json_object_foreach(json, key, item)
        {
            pack_key(out, key);
            pack_json(out, item);
        }
        break;
    case JSON_ARRAY:
        pack_array(out, json_array_size(json));
        json_array_foreach(json, i, item) pack_json(out, item);
        break;
    case JSON_STRING:
        pack_text(out, (struct str){json_string_value(json), json_string_length(json)});
        break;
    case JSON_INTEGER:
        pack_int(out, json_integer_value(json));
        break;
    case JSON_REAL:
        pack_double(out, json_real_value(json));
        break;
    case JSON_TRUE:
    case JSON_FALSE:
        pack_bool(out, json_is_true(json));
        break;
    case JSON_NULL:
        pack_nil(out);
        break;
    }
}

static struct str packed(const char *text)
{
    struct buffer out = buffer_in(mine.arena, 256);
    json_error_t error;

    if (!text)
        return STR_NONE;
    json_t *json = json_loads(swapped(text, '\'', '"'), JSON_DECODE_ANY, &error);
    ck_assert_msg(json != NULL, "%s in %s", error.text, text);
    pack_json(&out, json);
    json_decref(json);
    return buffer_str(&out);
}

static json_t *json_of(const struct value *value)
{
    json_t *json;

    switch (value->type) {
    case VALUE_BOOL:
        return json_boolean(value->boolean);
    case VALUE_INT:
        return json_integer(value->integer);
    case VALUE_DOUBLE:
        return json_real(value->real);
    case VALUE_TEXT:
    case VALUE_BYTES:
        return json_stringn(value->text.data, value->text.size);
    case VALUE_ARRAY:
        json = json_array();
        for (uint32_t i = 0; i < value->count; i++)
            json_array_append_new(json, json_of(&value->items[i]));
        return json;
    case VALUE_MAP:
        json = json_object();
        for (uint32_t i = 0; i < value->count; i++)
            json_object_setn_new(json, value->pairs[i].key.data, value->pairs[i].key.size,
                                 json_of(&value->pairs[i].value));
        return json;
    case VALUE_ABSENT:
    case VALUE_NULL:
        break;
    }
    return json_null();
}

static json_t *json_of_packed(struct str bytes)
{
    struct value value;

    if (!bytes.data)
        return json_null();
    ck_assert_msg(unpack(mine.arena, bytes, &value), "an answer is no msgpack");
    return json_of(&value);
}

static json_t *json_of_text(struct str text)
{
    return text.data ? json_stringn(text.data, text.size) : json_null();
}

static struct answer *answer_of(int http, json_t *json)
{
    struct answer *answer = arena_alloc(mine.arena, sizeof *answer);
    char *text = json_dumps(json, JSON_COMPACT);

    answer->http = http;
    answer->text = arena_copy(mine.arena, str_of(text)).data;
    answer->json = json;
    free(text);
    return answer;
}

/* --- Asking --- */

struct asking {
    const struct answer **answers;
    size_t count, most;
};

static void replied(void *argument, enum bus_outcome outcome, const struct reply *reply)
{
    struct asking *asking = argument;

    ck_assert_msg(outcome == BUS_REPLIED, "the service did not answer: outcome %d", (int)outcome);
    json_t *json = json_object();
    json_object_set_new(json, "code", json_of_text(reply->code));
    json_object_set_new(json, "message", json_of_text(reply->message));
    json_object_set_new(json, "errors", json_of_packed(reply->errors));
    json_object_set_new(json, "data", json_of_packed(reply->data));
    json_object_set_new(json, "page", json_of_packed(reply->page));
    json_object_set_new(json, "version", json_integer(reply->version));
    json_object_set_new(json, "location", json_of_text(reply->location));
    json_object_set_new(json, "degraded", json_of_text(reply->degraded));
    asking->answers[asking->count++] = answer_of(reply->http, json);
    if (asking->count == asking->most)
        loop_stop(mine.loop);
}

static struct request *request_of(const char *operation, const char *path, const char *query,
                                  const char *body)
{
    static int count;
    struct request *request = arena_alloc(mine.arena, sizeof *request);
    const char *command = caller.command;

    if (!command)
        command = format("command-%d-%d", (int)getpid(), ++count);
    *request = (struct request){
        .request_id = STR("test"),
        .remaining_ms = ASK_MS,
        .tenant = str_of(caller.tenant),
        .user = str_of(caller.user),
        .user_name = str_of(caller.user_name),
        .operation = str_of(operation),
        .command = str_of(command),
        .command_source = caller.command ? COMMAND_CLIENT : COMMAND_GATEWAY,
        .path = str_of(path ? path : "/"),
        .if_version = caller.if_version,
        .path_values = packed(path ? path : "{}"),
        .query = packed(query),
        .body = packed(body),
    };
    memcpy(request->limits, caller.limits, sizeof request->limits);
    return request;
}

static const struct answer **answers_of(size_t count, const char *operation, const char *path,
                                        const char *query, const char *body)
{
    take_over();
    struct asking asking = {arena_array(mine.arena, count, sizeof(void *)), 0, count};
    for (size_t i = 0; i < count; i++)
        bus_call(mine.client, request_of(operation, path, query, body), replied, &asking);
    caller.if_version = -1;
    caller.command = NULL;
    loop_run(mine.loop);
    return asking.answers;
}

const struct answer *ask_all(const char *operation, const char *path, const char *query,
                             const char *body)
{
    return answers_of(1, operation, path, query, body)[0];
}

const struct answer *ask(const char *operation, const char *path, const char *body)
{
    return ask_all(operation, path, NULL, body);
}

const struct answer **ask_at_once(size_t count, const char *operation, const char *path,
                                  const char *body)
{
    return answers_of(count, operation, path, NULL, body);
}

size_t count_http(const struct answer **answers, size_t count, int http)
{
    size_t found = 0;

    for (size_t i = 0; i < count; i++)
        found += answers[i]->http == http;
    return found;
}

/* --- Looking into answers --- */

/* '.' goes into an object, '[n]' into an array; behind '/' stands one whole key. */
static json_t *find(json_t *json, const char *path)
{
    while (json && *path) {
        if (*path == '[') {
            json = json_array_get(json, strtoul(path + 1, NULL, 10));
            path = strchr(path, ']') + 1;
            continue;
        }
        if (*path == '/')
            return json_object_get(json, path + 1);
        path += *path == '.';
        size_t size = strcspn(path, ".[/");
        json = json_object_getn(json, path, size);
        path += size;
    }
    return json;
}

const char *at(const struct answer *answer, const char *path)
{
    json_t *found = find(answer->json, path);

    if (!found)
        return "absent";
    char *text = json_dumps(found, JSON_COMPACT | JSON_ENCODE_ANY);
    const char *kept = swapped(text, '"', '\'');
    free(text);
    return kept;
}

const char *text_at(const struct answer *answer, const char *path)
{
    const char *text = json_string_value(find(answer->json, path));

    ck_assert_msg(text != NULL, "no text at %s in %s", path, answer->text);
    return text;
}

/* --- The database --- */

const char *sql_value(const char *statement)
{
    take_over();
    PGresult *result = PQexec(mine.database, statement);
    ck_assert_msg(PQresultStatus(result) == PGRES_TUPLES_OK ||
                      PQresultStatus(result) == PGRES_COMMAND_OK,
                  "%s: %s", statement, PQerrorMessage(mine.database));
    const char *value = NULL;
    if (PQntuples(result) == 1 && !PQgetisnull(result, 0, 0))
        value = arena_copy(mine.arena, str_of(PQgetvalue(result, 0, 0))).data;
    PQclear(result);
    return value;
}

/* Events that were written, sent on or not. */
static const char *events_from(void)
{
    return format("(SELECT id, tenant_id, type, payload FROM %s.outbox) AS events", rig.schema);
}

const char *event_types(void)
{
    take_over();
    const char *types =
        sql_value(format("SELECT string_agg(type, ' ' ORDER BY id) FROM %s WHERE tenant_id = '%s'",
                         events_from(), caller.tenant));
    return types ? types : "";
}

const struct answer *event_of_type(const char *type)
{
    const char *hex = sql_value(format("SELECT encode(payload, 'hex') FROM %s WHERE tenant_id = "
                                       "'%s' AND type = '%s' ORDER BY id DESC LIMIT 1",
                                       events_from(), caller.tenant, type));
    ck_assert_msg(hex != NULL, "no event %s among: %s", type, event_types());
    struct buffer bytes = buffer_in(mine.arena, strlen(hex) / 2 + 1);
    for (size_t i = 0; hex[i]; i += 2) {
        char digits[3] = {hex[i], hex[i + 1], '\0'};
        char byte = (char)(unsigned char)strtoul(digits, NULL, 16);
        buffer_append(&bytes, &byte, 1);
    }
    struct event event;
    ck_assert(event_unpack(mine.arena, buffer_str(&bytes), &event));
    json_t *json = json_object();
    json_object_set_new(json, "data", json_of_packed(event.data));
    json_object_set_new(json, "version", json_integer(event.version));
    return answer_of(0, json);
}
