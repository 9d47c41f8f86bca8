/* The rig of service tests. It must not know any service. */
#define _GNU_SOURCE /* setenv, mkdtemp, prctl's signal */

#include "service_rig.h"

#include <libpq-fe.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bus_client.h"
#include "event.h"
#include "json_out.h"
#include "log.h"
#include "postgres.h"
#include "rig_json.h"
#include "timestamp.h"

enum { ASK_MS = 20000, KEPT_MAX = 1 << 20 };

struct rig_caller caller;

static struct {
    char folder[100], endpoint[160];
    const char *database; /* URL as superuser */
    const char *schema;
    pid_t program;
    int program_end; /* a pidfd: readable once the program has ended */
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

/* Ends the file's tests where the program does not start; it has said why on standard error. */
static void await_socket(void)
{
    const char *path = rig.endpoint + strlen("ipc://");
    int64_t end_us = monotonic_us() + (int64_t)ASK_MS * 1000;
    struct pollfd ended = {.fd = rig.program_end, .events = POLLIN};

    while (access(path, F_OK) != 0 && monotonic_us() < end_us)
        if (poll(&ended, 1, 10) != 0)
            break;
    if (access(path, F_OK) == 0)
        return;
    fprintf(stderr, "the service does not start\n");
    rig_stop();
    exit(EXIT_FAILURE);
}

void rig_start(const char *program, const char *schema)
{
    const char *name = strrchr(program, '/');
    int status;

    postgres_start();
    const char *temporary = getenv("TMPDIR");
    snprintf(rig.folder, sizeof rig.folder, "%s/traction-rig-XXXXXX",
             temporary ? temporary : "/tmp");
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
    rig.program_end = pidfd_open(rig.program, 0);
    await_socket();
}

int rig_stop(void)
{
    char command[160];
    int status;

    kill(rig.program, SIGTERM);
    waitpid(rig.program, &status, 0);
    if (status != 0)
        fprintf(stderr, "the service ended with status %d\n", status);
    snprintf(command, sizeof command, "rm -rf %s", rig.folder);
    if (system(command) != 0)
        fprintf(stderr, "%s stays\n", rig.folder);
    postgres_stop();
    return status == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

/* --- The caller --- */

static void connect_client(void)
{
    mine.client = bus_client_new(mine.loop, "service", rig.endpoint, 64, ASK_MS);
}

static void program_ended(void *argument, int events)
{
    (void)argument, (void)events;
    ck_abort_msg("the service has ended, in this test or an earlier one");
}

static void take_over(void)
{
    if (mine.owner == getpid())
        return;
    mine.owner = getpid();
    log_open("test", LOG_WARNING);
    mine.arena = arena_new();
    mine.loop = loop_new();
    loop_fd_new(mine.loop, rig.program_end, LOOP_READ, program_ended, NULL);
    connect_client();
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
                                 .remaining_ms = ASK_MS,
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

static struct rig_answer *answer_of(int http, json_t *json)
{
    struct rig_answer *answer = arena_alloc(mine.arena, sizeof *answer);
    char *text = json_dumps(json, JSON_COMPACT);

    *answer = (struct rig_answer){.http = http};
    answer->text = arena_copy(mine.arena, str_of(text)).data;
    answer->json = json;
    free(text);
    return answer;
}

/* --- Asking --- */

struct rig_request {
    const struct rig_answer **answers;
    size_t count, max;
};

static const char *written(const struct reply *reply)
{
    struct buffer out = buffer_in(mine.arena, 64);
    struct json *json = json_new();

    json_start(json, &out);
    if (reply->json.data)
        json_raw(json, reply->json);
    else
        json_out(json, reply->data);
    json_destroy(&json);
    return arena_copy(mine.arena, buffer_str(&out)).data;
}

static void replied(void *argument, enum bus_outcome outcome, const struct reply *reply)
{
    struct rig_request *asking = argument;

    ck_assert_msg(outcome == BUS_REPLIED, "the service did not answer: outcome %d", (int)outcome);
    json_t *json = json_object();
    json_object_set_new(json, "code", rig_json_text(reply->code));
    json_object_set_new(json, "message", rig_json_text(reply->message));
    json_object_set_new(json, "errors", rig_json(mine.arena, reply->errors));
    json_object_set_new(json, "data",
                        reply->json.data ? rig_json_parsed(reply->json)
                                         : rig_json(mine.arena, reply->data));
    json_object_set_new(json, "page", rig_json(mine.arena, reply->page));
    json_object_set_new(json, "version", json_integer(reply->version));
    json_object_set_new(json, "location", rig_json_text(reply->location));
    json_object_set_new(json, "degraded", rig_json_text(reply->degraded));
    struct rig_answer *answer = answer_of(reply->http, json);
    answer->data = written(reply);
    answer->is_json = reply->json.data != NULL;
    asking->answers[asking->count++] = answer;
    if (asking->count == asking->max)
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
        .remaining_ms = caller.remaining_ms,
        .tenant = str_of(caller.tenant),
        .user = str_of(caller.user),
        .user_name = str_of(caller.user_name),
        .operation = str_of(operation),
        .command = str_of(command),
        .command_source = caller.command && !caller.of_gateway ? COMMAND_CLIENT : COMMAND_GATEWAY,
        .path = str_of(path ? path : "/"),
        .if_version = caller.if_version,
        .path_values = rig_packed(mine.arena, path ? path : "{}"),
        .query = rig_packed(mine.arena, query),
        .body = rig_packed(mine.arena, body),
        .takes_json = caller.takes_json,
    };
    memcpy(request->limits, caller.limits, sizeof request->limits);
    return request;
}

static const struct rig_answer **answers_of(size_t count, const char *operation, const char *path,
                                            const char *query, const char *body)
{
    take_over();
    struct rig_request asking = {arena_array(mine.arena, count, sizeof(void *)), 0, count};
    for (size_t i = 0; i < count; i++)
        bus_call(mine.client, request_of(operation, path, query, body), replied, &asking);
    caller.if_version = -1;
    caller.command = NULL;
    caller.of_gateway = false;
    loop_run(mine.loop);
    return asking.answers;
}

const struct rig_answer *ask_all(const char *operation, const char *path, const char *query,
                                 const char *body)
{
    return answers_of(1, operation, path, query, body)[0];
}

const struct rig_answer *ask(const char *operation, const char *path, const char *body)
{
    return ask_all(operation, path, NULL, body);
}

const struct rig_answer **ask_at_once(size_t count, const char *operation, const char *path,
                                      const char *body)
{
    return answers_of(count, operation, path, NULL, body);
}

const struct rig_answer *ask_behind(size_t count, const char *other_tenant, const char *operation,
                                    size_t *before)
{
    take_over();
    struct rig_request many = {arena_array(mine.arena, count, sizeof(void *)), 0, count};
    struct rig_request one = {arena_array(mine.arena, 1, sizeof(void *)), 0, 1};
    const char *own_tenant = caller.tenant;

    caller.tenant = other_tenant;
    for (size_t i = 0; i < count; i++)
        bus_call(mine.client, request_of(operation, NULL, NULL, NULL), replied, &many);
    caller.tenant = own_tenant;
    bus_call(mine.client, request_of(operation, NULL, NULL, NULL), replied, &one);
    while (one.count < 1)
        loop_run(mine.loop);
    *before = many.count;
    while (many.count < count)
        loop_run(mine.loop);
    return one.answers[0];
}

/* --- Leaving --- */

static void stop_loop(void *argument)
{
    (void)argument;
    loop_stop(mine.loop);
}

bool wait_until(bool (*is_so)(void), int64_t max_ms)
{
    int64_t end_us = monotonic_us() + max_ms * 1000;
    struct loop_timer *timer = loop_timer_new(mine.loop, 5, 5, stop_loop, NULL);
    bool so = false;

    while (!so && monotonic_us() < end_us) {
        loop_run(mine.loop);
        so = is_so();
    }
    loop_timer_destroy(&timer);
    return so;
}

static void left(void *argument, enum bus_outcome outcome, const struct reply *reply)
{
    (void)reply;
    ck_assert_msg(outcome != BUS_REPLIED, "the service answered before its caller left");
    *(bool *)argument = true;
}

void ask_and_leave(enum rig_leave how, bool (*until)(void), const char *operation,
                   const char *query)
{
    struct request *request = request_of(operation, NULL, query, NULL);
    bool *ended = arena_alloc(mine.arena, sizeof *ended);

    bus_call(mine.client, request, left, ended);
    ck_assert(wait_until(until, ASK_MS));
    ck_assert(!*ended);
    if (how == RIG_GIVES_UP) {
        bus_cancel(mine.client, request);
    } else {
        bus_client_destroy(&mine.client);
        connect_client();
    }
}

bool service_has_child(void)
{
    char name[80], list[64] = "";

    snprintf(name, sizeof name, "/proc/%d/task/%d/children", (int)rig.program, (int)rig.program);
    FILE *file = fopen(name, "r");
    ck_assert_ptr_nonnull(file);
    size_t size = fread(list, 1, sizeof list - 1, file);
    fclose(file);
    return size > 0;
}

size_t count_http(const struct rig_answer **answers, size_t count, int http)
{
    size_t found = 0;

    for (size_t i = 0; i < count; i++)
        found += answers[i]->http == http;
    return found;
}

/* --- Looking into answers --- */

const char *at(const struct rig_answer *answer, const char *path)
{
    json_t *found = rig_find(answer->json, path);

    if (!found)
        return "absent";
    char *text = json_dumps(found, JSON_COMPACT | JSON_ENCODE_ANY);
    const char *kept = rig_swapped(mine.arena, text, '"', '\'');
    free(text);
    return kept;
}

const char *text_at(const struct rig_answer *answer, const char *path)
{
    const char *text = json_string_value(rig_find(answer->json, path));

    ck_assert_msg(text != NULL, "no text at %s in %s", path, answer->text);
    return text;
}

const char *listed(const char *operation, const char *query, const char *member)
{
    const struct rig_answer *list = ask_all(operation, NULL, query, NULL);
    const char *text = "";

    ck_answer(list, 200);
    for (int i = 0; strcmp(at(list, format("data[%d]", i)), "absent") != 0; i++)
        text =
            format("%s%s%s", text, i ? "," : "", text_at(list, format("data[%d].%s", i, member)));
    return format("%s %s", text, at(list, "page.total"));
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
    return format(
        "(SELECT 0 AS later, pos AS id, tenant_id, type, payload FROM %s.event_log UNION ALL "
        "SELECT 1, id, tenant_id, type, payload FROM %s.outbox) AS events",
        rig.schema, rig.schema);
}

const char *event_types(void)
{
    take_over();
    const char *types = sql_value(
        format("SELECT string_agg(type, ' ' ORDER BY later, id) FROM %s WHERE tenant_id = '%s'",
               events_from(), caller.tenant));
    return types ? types : "";
}

const struct rig_answer *event_of_type(const char *type)
{
    const char *hex = sql_value(format("SELECT encode(payload, 'hex') FROM %s WHERE tenant_id = "
                                       "'%s' AND type = '%s' ORDER BY later DESC, id DESC LIMIT 1",
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
    json_object_set_new(json, "data", rig_json(mine.arena, event.data));
    if (event.changes.size > 0)
        json_object_set_new(json, "changes", rig_json(mine.arena, event.changes));
    json_object_set_new(json, "version", json_integer(event.version));
    json_object_set_new(json, "at", json_integer(event.at.us));
    return answer_of(0, json);
}
