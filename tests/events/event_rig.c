/* The rig of the event path's tests. It must not look into what it tests, only at the tables. */
#define _GNU_SOURCE /* prctl's signal, setenv, mkdtemp */

#include "event_rig.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <libpq-fe.h>
#include <netinet/in.h>
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
#include "event.h"
#include "event_programs.h"
#include "pack.h"
#include "timestamp.h"

enum { TENANTS = 3, ITEMS = 7, AT_ONCE = 16, TEND_MS = 20 };

static const char *const names[PROGRAM_COUNT] = {"publisher-a", "publisher-b", "consumer-a",
                                                 "consumer-b"};
static const char *const roles[PROGRAM_COUNT] = {"publisher", "publisher", "consumer", "consumer"};

static struct {
    char folder[64], endpoints[300], reason[300];
    const char *url;
    PGconn *database, *held;
    struct loop *loop;
    struct bus_client *client;
    struct arena *arena;
    pid_t programs[PROGRAM_COUNT];
    bool may_die[PROGRAM_COUNT], keep_dead;
    size_t killed, written;
} rig;

/* --- Programs --- */

static void set_environment(int program, const char *kill_at, const char *planted)
{
    char listen[128], log[128];

    snprintf(listen, sizeof listen, "ipc://%s/%s.sock", rig.folder, names[program]);
    snprintf(log, sizeof log, "%s/%s.log", rig.folder, names[program]);
    setenv("TRACTION_BUS_DIR", rig.folder, 1);
    setenv("TRACTION_BUS_LISTEN", listen, 1);
    setenv("TRACTION_GOALS_ENDPOINTS", rig.endpoints, 1);
    setenv("TRACTION_MIGRATE_DATABASE_URL", rig.url, 1);
    setenv("TRACTION_DATABASE_URL",
           postgres_url_as(rig.url, program < CONSUMER_A ? "svc_goals" : "svc_kpis"), 1);
    if (kill_at)
        setenv("FAULTS_KILL", kill_at, 1);
    if (planted)
        setenv("FAULTS_PLANTED", planted, 1);
    int out = open(log, O_WRONLY | O_CREAT | O_APPEND, 0666);
    dup2(out, STDERR_FILENO);
}

static pid_t spawn(int program, const char *option, const char *kill_at, const char *planted)
{
    pid_t parent = getpid(), pid = fork();

    ck_assert_int_ge(pid, 0);
    if (pid > 0)
        return pid;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(1);
    set_environment(program, kill_at, planted);
    execl("/proc/self/exe", "program", roles[program], option, (char *)NULL);
    _exit(127);
}

int rig_role_main(char **arguments)
{
    return program_main(arguments[0], arguments[1]);
}

void rig_start(int program, const char *kill_at, const char *planted)
{
    rig.may_die[program] = kill_at != NULL;
    rig.programs[program] = spawn(program, NULL, kill_at, planted);
}

static bool ended_by(int program, int status, int signal_number)
{
    bool so = WIFSIGNALED(status) && WTERMSIG(status) == signal_number;

    ck_assert_msg(so && rig.may_die[program], "%s ended (status %d):\n%s", names[program], status,
                  rig_log(program));
    rig.killed++;
    rig.programs[program] = 0;
    return so;
}

/* Starts again what has died as it was to. */
static void tend(void *argument)
{
    int status;

    (void)argument;
    for (int i = 0; i < PROGRAM_COUNT && !rig.keep_dead; i++) {
        if (rig.programs[i] > 0 && waitpid(rig.programs[i], &status, WNOHANG) == rig.programs[i] &&
            ended_by(i, status, SIGKILL))
            rig_start(i, NULL, NULL);
    }
}

void rig_wait_killed(int program)
{
    int status;

    ck_assert_int_eq(waitpid(rig.programs[program], &status, 0), rig.programs[program]);
    ended_by(program, status, SIGKILL);
}

void rig_keep_dead(bool keep)
{
    rig.keep_dead = keep;
}

size_t rig_killed(void)
{
    return rig.killed;
}

/* --- Open and close --- */

static void migrate_schema(int program)
{
    int status;

    waitpid(spawn(program, "--migrate", NULL, NULL), &status, 0);
    ck_assert_msg(status == 0, "%s", rig_log(program));
}

static PGconn *connect_to_database(void)
{
    PGconn *pg = PQconnectdb(rig.url);

    ck_assert_msg(PQstatus(pg) == CONNECTION_OK, "%s", PQerrorMessage(pg));
    return pg;
}

void rig_open(void)
{
    snprintf(rig.folder, sizeof rig.folder, "/tmp/traction-events-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(rig.folder));
    snprintf(rig.endpoints, sizeof rig.endpoints, "ipc://%s/%s.sock,ipc://%s/%s.sock", rig.folder,
             names[PUBLISHER_A], rig.folder, names[PUBLISHER_B]);
    rig.url = postgres_new_database();
    rig.database = connect_to_database();
    rig.held = connect_to_database();
    migrate_schema(PUBLISHER_A);
    migrate_schema(CONSUMER_A);
    rig.arena = arena_new();
    rig.loop = loop_new();
    rig.client = bus_client_new(rig.loop, "publisher", rig.endpoints, 256, 20000);
    loop_timer_new(rig.loop, TEND_MS, TEND_MS, tend, NULL);
}

void rig_close(void)
{
    char command[128];
    int status;

    for (int i = 0; i < PROGRAM_COUNT; i++) {
        if (rig.programs[i] <= 0)
            continue;
        kill(rig.programs[i], SIGTERM);
        waitpid(rig.programs[i], &status, 0);
        ck_assert_msg(status == 0, "%s ended with %d:\n%s", names[i], status, rig_log(i));
    }
    bus_client_destroy(&rig.client);
    bus_shutdown();
    loop_destroy(&rig.loop);
    arena_destroy(&rig.arena);
    PQfinish(rig.database);
    PQfinish(rig.held);
    snprintf(command, sizeof command, "rm -rf %s", rig.folder);
    ck_assert_int_eq(system(command), 0);
}

static void stop_loop(void *argument)
{
    (void)argument;
    loop_stop(rig.loop);
}

void rig_sleep_ms(int64_t delay_ms)
{
    struct loop_timer *timer = loop_timer_new(rig.loop, delay_ms, 0, stop_loop, NULL);

    loop_run(rig.loop);
    loop_timer_destroy(&timer);
}

/* --- Changes --- */

struct sent {
    struct request request;
    bool in_flight, done;
};

static void answered(void *argument, enum bus_outcome outcome, const struct reply *reply)
{
    struct sent *sent = argument;

    sent->in_flight = false;
    sent->done = outcome == BUS_REPLIED && reply->http < 300;
}

static struct uuid item_id(size_t number)
{
    struct uuid id = {{0x01, 0x9a}};

    id.bytes[6] = 0x70;
    id.bytes[8] = 0x80;
    id.bytes[15] = (unsigned char)(1 + number);
    return id;
}

static struct str tenant_of(size_t number)
{
    return arena_printf(rig.arena, "tenant-%zu", number % TENANTS);
}

static struct str pack_change(size_t number)
{
    struct change change = {.id = item_id(number % ITEMS), .amount = (int64_t)number % 13 - 4};
    struct buffer out = buffer_in(rig.arena, 64);

    model_pack(AS(change, &change), &out);
    return buffer_str(&out);
}

static void prepare(struct sent *sent, size_t number)
{
    sent->request = (struct request){
        .request_id = STR("r"),
        .tenant = tenant_of(number),
        .user = STR("user"),
        .operation = STR("createGoal"),
        .command = arena_printf(rig.arena, "change-%zu", number),
        .command_source = COMMAND_GATEWAY,
        .path = STR("/items"),
        .if_version = -1,
        .body = pack_change(number),
    };
    for (size_t i = 0; i < LIMIT_COUNT; i++)
        sent->request.limits[i] = LIMIT_NONE;
}

void rig_write(size_t count)
{
    struct sent *all = arena_array(rig.arena, count, sizeof *all);
    size_t done = 0;
    int64_t end_us = monotonic_us() + 120 * INT64_C(1000000);

    for (size_t i = 0; i < count; i++)
        prepare(&all[i], rig.written + i);
    while (done < count) {
        size_t in_flight = 0;
        done = 0;
        for (size_t i = 0; i < count; i++) {
            done += all[i].done;
            if (!all[i].done && !all[i].in_flight && in_flight < AT_ONCE) {
                all[i].in_flight = true;
                all[i].request.remaining_ms = 5000;
                bus_call(rig.client, &all[i].request, answered, &all[i]);
            }
            in_flight += all[i].in_flight;
        }
        rig_sleep_ms(1);
        ck_assert_msg(monotonic_us() < end_us, "%zu of %zu changes:\n%s", done, count,
                      rig_log(PUBLISHER_A));
    }
    rig.written += count;
}

static void hold(const char *sql, const char *const *values, int count)
{
    PGresult *result = PQexecParams(rig.held, sql, count, NULL, values, NULL, NULL, 0);

    ck_assert_msg(PQresultStatus(result) == PGRES_COMMAND_OK, "%s", PQerrorMessage(rig.held));
    PQclear(result);
}

void rig_hold_change(void)
{
    static const struct uuid id = {{0x01, 0x9a, 0, 0, 0, 0, 0x70, 0, 0x80, 0, 0, 0, 0, 0, 0, 0xff}};
    struct change change = {.id = id, .amount = 5};
    struct buffer data = buffer_in(rig.arena, 64), packed = buffer_in(rig.arena, 256);
    char text[UUID_TEXT_SIZE + 1] = "", hex[2048] = "\\x";

    model_pack(AS(change, &change), &data);
    event_pack(&packed, &(struct event){.id = uuid_v7(),
                                        .type = STR("item.changed"),
                                        .tenant = STR("tenant-0"),
                                        .entity = id,
                                        .version = 1,
                                        .at = timestamp_now(),
                                        .user_id = STR("user"),
                                        .data = buffer_str(&data)});
    for (size_t i = 0; i < packed.size; i++)
        snprintf(hex + 2 + 2 * i, 3, "%02x", (unsigned char)packed.data[i]);
    uuid_format(id, text);
    hold("BEGIN", NULL, 0);
    hold("INSERT INTO goals.items VALUES ('tenant-0', $1, 5, 1)", (const char *[]){text}, 1);
    hold("INSERT INTO goals.outbox (tenant_id, type, entity_id, version, payload, created_at)"
         " VALUES ('tenant-0', 'item.changed', $1, 1, $2, now())",
         (const char *[]){text, hex}, 2);
}

void rig_commit_held(void)
{
    hold("COMMIT", NULL, 0);
    rig.written++;
}

/* --- Looking --- */

const char *rig_sql(const char *sql)
{
    static char value[1024];
    PGresult *result = PQexec(rig.database, sql);
    ExecStatusType status = PQresultStatus(result);

    ck_assert_msg(status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK, "%s: %s", sql,
                  PQerrorMessage(rig.database));
    snprintf(value, sizeof value, "%s", PQntuples(result) > 0 ? PQgetvalue(result, 0, 0) : "");
    PQclear(result);
    return value;
}

static bool all_through(void)
{
    char sql[500];

    snprintf(
        sql, sizeof sql,
        "SELECT format('outbox %%s, log %%s up to %%s, consumed %%s', outbox, log, head, done)"
        " || CASE WHEN outbox = 0 AND log = %zu AND head = log AND done = head THEN '.' "
        "ELSE '' END FROM (SELECT (SELECT count(*) FROM goals.outbox) AS outbox,"
        " count(*) AS log, coalesce(max(pos), 0) AS head,"
        " coalesce((SELECT max(pos) FROM kpis.consumed), 0) AS done FROM goals.event_log) AS x",
        rig.written);
    snprintf(rig.reason, sizeof rig.reason, "%zu changes: %s", rig.written, rig_sql(sql));
    return rig.reason[strlen(rig.reason) - 1] == '.';
}

static bool same_state(void)
{
    const char *differences = rig_sql(
        "SELECT string_agg(format('%s/%s: %s@%s or %s@%s, %s out of order', tenant_id,"
        " right(id::text, 2), g.value, g.version, k.value, k.version, k.out_of_order), '; ')"
        " FROM goals.items g FULL JOIN kpis.items k USING (tenant_id, id)"
        " WHERE (g.value, g.version, 0) IS DISTINCT FROM (k.value, k.version, k.out_of_order)");
    snprintf(rig.reason, sizeof rig.reason, "%.290s", differences);
    return differences[0] == '\0';
}

bool rig_settled(int64_t most_ms)
{
    int64_t end_us = monotonic_us() + most_ms * 1000;

    while (!all_through() && monotonic_us() < end_us)
        rig_sleep_ms(20);
    return all_through() && same_state();
}

const char *rig_reason(void)
{
    return rig.reason;
}

bool rig_consumed(long pos, int64_t most_ms)
{
    int64_t end_us = monotonic_us() + most_ms * 1000;

    while (strtol(rig_sql("SELECT max(pos) FROM kpis.consumed"), NULL, 10) < pos) {
        if (monotonic_us() >= end_us)
            return false;
        rig_sleep_ms(5);
    }
    return true;
}

const char *rig_log(int program)
{
    static char text[1 << 20];
    char path[128];

    snprintf(path, sizeof path, "%s/%s.log", rig.folder, names[program]);
    FILE *file = fopen(path, "r");
    size_t size = file ? fread(text, 1, sizeof text - 1, file) : 0;
    if (file)
        fclose(file);
    text[size] = '\0';
    return text;
}

const char *rig_admin(int program, const char *path)
{
    static char text[1 << 18];
    char request[128];
    const char *port = strstr(rig_log(program), "\"port\":");
    size_t size = 0;
    ssize_t got;

    ck_assert_ptr_nonnull(port);
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)strtol(port + 7, NULL, 10)),
                                  .sin_addr = {htonl(INADDR_LOOPBACK)}};
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    snprintf(request, sizeof request, "GET %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
             path);
    if (connect(fd, (struct sockaddr *)&address, sizeof address) == 0 &&
        write(fd, request, strlen(request)) > 0)
        while ((got = read(fd, text + size, sizeof text - 1 - size)) > 0)
            size += (size_t)got;
    close(fd);
    text[size] = '\0';
    return text;
}
