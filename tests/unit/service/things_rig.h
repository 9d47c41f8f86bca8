/* A service in a process of its own, with a database of its own, asked over the bus: what the
 * service's tests share. Each test starts from nothing. */
#ifndef TRACTION_THINGS_RIG_H
#define TRACTION_THINGS_RIG_H

#include <arpa/inet.h>
#include <check.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bus.h"
#include "bus_client.h"
#include "log.h"
#include "loop_for.h"
#include "pack.h"
#include "postgres.h"
#include "queries.h"
#include "service.h"

#define ID_1 "019a0000-0000-7000-8000-000000000001"
#define ID_2 "019a0000-0000-7000-8000-000000000002"

static struct loop *loop;
static struct arena *arena;
static struct bus_client *clients[SERVICE_COUNT]; /* made when first used */
static char folder[64];
static const char *owner_url;
static pid_t child;

/* --- Processes --- */

/* The programs that SERVICE_SUITE_MAIN can become, ended by NULL. */
extern const struct service_program *const rig_programs[];

/* The test's own program again, as a service: nothing of the test's loop or bus is inherited.
 * `settings` are pairs of name and value, ended by NULL. */
static inline pid_t rig_run(const struct service_program *program, const char *option,
                            const char *const *settings)
{
    pid_t pid = fork();

    ck_assert_int_ge(pid, 0);
    if (pid > 0)
        return pid;
    char log[128], bus[128], role[64];
    snprintf(log, sizeof log, "%s/%s.log", folder, service_names[program->service]);
    snprintf(bus, sizeof bus, "%s/bus", folder);
    snprintf(role, sizeof role, "svc_%s", service_schemas[program->service]);
    setenv("TRACTION_BUS_DIR", bus, 1);
    setenv("TRACTION_MIGRATE_DATABASE_URL", owner_url, 1);
    setenv("TRACTION_DATABASE_URL", postgres_url_as(owner_url, role), 1);
    for (; settings && settings[0]; settings += 2)
        setenv(settings[0], settings[1], 1);
    prctl(PR_SET_PDEATHSIG, SIGKILL); /* no test leaves one behind */
    if (!freopen(log, "a", stderr))
        _exit(99);
    execl("/proc/self/exe", "service", "serve", service_names[program->service], option, NULL);
    _exit(98);
}

static inline int rig_serve(int argc, char **argv)
{
    for (size_t i = 0; rig_programs[i]; i++)
        if (!strcmp(service_names[rig_programs[i]->service], argv[2]))
            return service_main(rig_programs[i], argc - 2, argv + 2);
    return 97;
}

#define SERVICE_SUITE_MAIN(name, ...)                                                  \
    int main(int argc, char **argv)                                                    \
    {                                                                                  \
        const TTest *const tests[] = {__VA_ARGS__};                                    \
        if (argc > 2 && !strcmp(argv[1], "serve"))                                     \
            return rig_serve(argc, argv);                                              \
        postgres_start();                                                              \
        int result = suite_run(name, NULL, NULL, tests, sizeof tests / sizeof *tests); \
        postgres_stop();                                                               \
        return result;                                                                 \
    }

static inline int rig_exit_of(pid_t pid)
{
    int status = 0;

    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* The service's log so far, in memory that is not freed. */
static inline const char *rig_log(enum service service)
{
    static char text[1 << 20];
    char path[128];

    snprintf(path, sizeof path, "%s/%s.log", folder, service_names[service]);
    FILE *file = fopen(path, "r");
    size_t size = file ? fread(text, 1, sizeof text - 1, file) : 0;
    if (file)
        fclose(file);
    text[size] = '\0';
    return text;
}

static inline void rig_run_ms(int64_t delay_ms)
{
    loop_for_ms(loop, delay_ms);
}

/* Without a service; for tests of how one starts. */
static inline void rig_prepare(void)
{
    snprintf(folder, sizeof folder, "/tmp/traction-service-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    owner_url = postgres_new_database();
    loop = loop_new();
    arena = arena_new();
    log_open("test", LOG_WARNING);
}

/* A service that does not start fails the test at once, not each call in turn. */
static inline void rig_await_start(enum service service)
{
    int status;

    while (!strstr(rig_log(service), "takes requests"))
        if (waitpid(child, &status, WNOHANG) != 0)
            ck_abort_msg("the service does not start:\n%s", rig_log(service));
        else
            poll(NULL, 0, 5);
}

static inline void rig_start(const struct service_program *program, const char *const *settings)
{
    rig_prepare();
    ck_assert_int_eq(rig_exit_of(rig_run(program, "--migrate", settings)), 0);
    child = rig_run(program, NULL, settings);
    rig_await_start(program->service);
}

static inline void rig_clean(void)
{
    char command[128];

    for (size_t i = 0; i < SERVICE_COUNT; i++)
        if (clients[i])
            bus_client_destroy(&clients[i]);
    loop_destroy(&loop);
    arena_destroy(&arena);
    snprintf(command, sizeof command, "rm -rf %s", folder);
    ck_assert_int_eq(system(command), 0);
}

/* The service must end well, whatever was done to it: that is where sanitizers report. */
static inline void rig_end(void)
{
    ck_assert_int_eq(kill(child, SIGTERM), 0);
    int status = rig_exit_of(child);
    ck_assert_msg(status == 0, "exit %d:\n%s", status, rig_log(SERVICE_GOALS));
    rig_clean();
}

/* --- Calls --- */

struct things_call {
    const char *operation, *tenant, *command, *id;
    struct str body, query;
    int64_t limit, if_version, remaining_ms; /* 0: none, any, much */
    enum command_source source;
    /* What came of it. */
    bool done;
    enum bus_outcome outcome;
    struct reply reply; /* in the rig's arena */
    struct value data;
    struct request request;
};

#define CALL(...) (&(struct things_call){__VA_ARGS__})

static inline void rig_answered(void *argument, enum bus_outcome outcome, const struct reply *reply)
{
    struct things_call *call = argument;

    call->done = true;
    call->outcome = outcome;
    if (outcome == BUS_REPLIED) {
        call->reply = *reply;
        call->reply.code = arena_copy(arena, reply->code);
        call->reply.message = arena_copy(arena, reply->message);
        call->reply.location = arena_copy(arena, reply->location);
        call->reply.errors = arena_copy(arena, reply->errors);
        call->reply.page = arena_copy(arena, reply->page);
        call->reply.degraded = arena_copy(arena, reply->degraded);
        call->reply.data = arena_copy(arena, reply->data);
        if (reply->data.data)
            ck_assert(unpack(arena, call->reply.data, &call->data));
    }
    loop_stop(loop);
}

/* Whose operation it is; those of every service are asked of the one of things. */
static inline struct bus_client *rig_client(const char *name)
{
    const struct operation *operation = operation_find(str_of(name));
    enum service service =
        operation && operation->service != SERVICE_EVERY ? operation->service : SERVICE_GOALS;
    char endpoint[128], bus[128];

    snprintf(bus, sizeof bus, "%s/bus", folder);
    bus_default_endpoint(bus, service_names[service], endpoint, sizeof endpoint);
    if (!clients[service])
        clients[service] = bus_client_new(loop, service_names[service], endpoint, 4096, 20000);
    return clients[service];
}

static inline void rig_send(struct things_call *call)
{
    struct buffer path = buffer_in(arena, 64);

    pack_map(&path, 1);
    pack_key(&path, "id");
    pack_text(&path, str_of(call->id));
    call->request = (struct request){
        .request_id = STR("request-1"),
        .remaining_ms = call->remaining_ms ? call->remaining_ms : 15000,
        .tenant = str_of(call->tenant ? call->tenant : "t1"),
        .user = STR("u1"),
        .user_name = STR("Ann"),
        .operation = str_of(call->operation),
        .command = str_of(call->command),
        .command_source = call->command && !call->source ? COMMAND_CLIENT : call->source,
        .path = STR("/things"),
        .if_version = call->if_version ? call->if_version : -1,
        .path_values = call->id ? buffer_str(&path) : STR_NONE,
        .query = call->query,
        .body = call->body,
    };
    for (size_t i = 0; i < LIMIT_COUNT; i++)
        call->request.limits[i] = LIMIT_NONE;
    if (call->limit > 0)
        call->request.limits[LIMIT_GOALS] = call->limit;
    bus_call(rig_client(call->operation), &call->request, rig_answered, call);
}

static inline void rig_wait(struct things_call *call)
{
    while (!call->done)
        loop_run(loop);
}

static inline struct things_call *rig_call(struct things_call *call)
{
    rig_send(call);
    rig_wait(call);
    return call;
}

#define ck_assert_code(one, expected)                                                         \
    do {                                                                                      \
        const struct things_call *c_ = (one);                                                 \
        ck_assert_int_eq(c_->outcome, BUS_REPLIED);                                           \
        ck_assert_msg(str_equal(c_->reply.code, STR(expected)),                               \
                      "%s: " STR_FMT " \"" STR_FMT "\", not " expected "\n%s", c_->operation, \
                      STR_ARG(c_->reply.code), STR_ARG(c_->reply.message),                    \
                      rig_log(SERVICE_GOALS));                                                \
    } while (0)

static inline struct str rig_thing(const char *title, int64_t amount)
{
    struct buffer out = buffer_in(arena, 64);

    pack_map(&out, 2);
    pack_key(&out, "title");
    pack_text(&out, str_of(title));
    pack_key(&out, "amount");
    pack_int(&out, amount);
    return buffer_str(&out);
}

/* --- Looking from outside --- */

/* Events that were written, moved to the log or not; of rig_sql. */
#define RIG_EVENTS                                  \
    "(SELECT tenant_id, type, payload FROM outbox " \
    "UNION ALL SELECT tenant_id, type, payload FROM event_log) AS events"

/* What psql answers, as the owner; static. */
static inline const char *rig_sql(const char *sql)
{
    static char text[65536];
    char command[2048];

    snprintf(command, sizeof command,
             "psql -XAtq -v ON_ERROR_STOP=1 -d '%s' -c 'SET search_path = goals' -c \"%s\"",
             owner_url, sql);
    FILE *pipe = popen(command, "r");
    ck_assert_ptr_nonnull(pipe);
    size_t size = fread(text, 1, sizeof text - 1, pipe);
    ck_assert_int_eq(pclose(pipe), 0);
    while (size > 0 && text[size - 1] == '\n')
        size--;
    text[size] = '\0';
    return text;
}

/* An answer of the admin listener, head and all; static. Empty when it cannot be reached. */
static inline const char *rig_admin(const char *path)
{
    static char text[1 << 18];
    char request[128];
    const char *port = strstr(rig_log(SERVICE_GOALS), "\"port\":");
    size_t size = 0;
    ssize_t got;

    text[0] = '\0';
    if (!port)
        return text;
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)strtol(port + 7, NULL, 10)),
                                  .sin_addr = {htonl(INADDR_LOOPBACK)}};
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    snprintf(request, sizeof request, "GET %s HTTP/1.1\r\nHost: x\r\n\r\n", path);
    if (connect(fd, (struct sockaddr *)&address, sizeof address) == 0 &&
        write(fd, request, strlen(request)) > 0)
        while ((got = read(fd, text + size, sizeof text - 1 - size)) > 0)
            size += (size_t)got;
    close(fd);
    text[size] = '\0';
    return text;
}

static inline double rig_metric(const char *sample)
{
    char line[200];

    snprintf(line, sizeof line, "\n%s ", sample);
    const char *at = strstr(rig_admin("/metrics"), line);
    return at ? strtod(at + strlen(line), NULL) : 0;
}

#endif
