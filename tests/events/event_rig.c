/* The rig of the event path's tests. It must not use the code under test, only the tables. */
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
#include "event_programs.h"
#include "event_rig_state.h"
#include "loop_for.h"
#include "timestamp.h"

enum { TEND_MS = 20, HANDLER_MS = 20000, LINES_SHOWN = 3000 };

static const char *const names[PROGRAM_COUNT] = {"publisher-a", "publisher-b", "consumer-a",
                                                 "consumer-b"};
static const char *const roles[PROGRAM_COUNT] = {"publisher", "publisher", "consumer", "consumer"};

struct rig rig;

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

/* Of its log as much as Check can print. */
static const char *last_lines(int program)
{
    const char *text = rig_log(program);
    size_t size = strlen(text);

    return size > LINES_SHOWN ? text + size - LINES_SHOWN : text;
}

static bool ended_by(int program, int status, int signal_number)
{
    bool so = WIFSIGNALED(status) && WTERMSIG(status) == signal_number;

    ck_assert_msg(so && rig.may_die[program], "%s ended (status %d):\n%s", names[program], status,
                  last_lines(program));
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
    ck_assert_msg(status == 0, "%s", last_lines(program));
}

static PGconn *connect_to_database(void)
{
    PGconn *pg = PQconnectdb(rig.url);

    ck_assert_msg(PQstatus(pg) == CONNECTION_OK, "%s", PQerrorMessage(pg));
    return pg;
}

void rig_open(void)
{
    const char *temporary = getenv("TMPDIR");
    char look_ms[16];

    snprintf(rig.folder, sizeof rig.folder, "%s/traction-events-XXXXXX",
             temporary ? temporary : "/tmp");
    ck_assert_ptr_nonnull(mkdtemp(rig.folder));
    snprintf(look_ms, sizeof look_ms, "%d", RIG_LOOK_MS);
    setenv("TRACTION_EVENTS_LOOK_MS", look_ms, 1);
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

/* One that was started a moment ago cannot be asked to end yet: the signal would just kill it. */
static void await_handler(int program)
{
    const unsigned long bit = 1UL << (SIGTERM - 1);
    char name[64], line[256];
    unsigned long caught = 0;

    for (int64_t waited_ms = 0; !(caught & bit) && waited_ms < HANDLER_MS; waited_ms += TEND_MS) {
        snprintf(name, sizeof name, "/proc/%d/status", (int)rig.programs[program]);
        FILE *file = fopen(name, "r");
        while (file && fgets(line, sizeof line, file))
            if (!strncmp(line, "SigCgt:", 7))
                caught = strtoul(line + 7, NULL, 16);
        if (file)
            fclose(file);
        if (!(caught & bit))
            rig_sleep_ms(TEND_MS);
    }
}

void rig_end(int program)
{
    int status;

    await_handler(program);
    kill(rig.programs[program], SIGTERM);
    waitpid(rig.programs[program], &status, 0);
    ck_assert_msg(status == 0, "%s ended with %d:\n%s", names[program], status,
                  last_lines(program));
    rig.programs[program] = 0;
}

void rig_close(void)
{
    char command[128];

    for (int i = 0; i < PROGRAM_COUNT; i++)
        if (rig.programs[i] > 0)
            rig_end(i);
    bus_client_destroy(&rig.client);
    loop_destroy(&rig.loop);
    arena_destroy(&rig.arena);
    PQfinish(rig.database);
    PQfinish(rig.held);
    snprintf(command, sizeof command, "rm -rf %s", rig.folder);
    ck_assert_int_eq(system(command), 0);
}

void rig_sleep_ms(int64_t delay_ms)
{
    loop_for_ms(rig.loop, delay_ms);
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
    char sql[600];

    snprintf(
        sql, sizeof sql,
        "SELECT format('outbox %%s, log %%s up to %%s, consumed %%s, %%s parked', outbox, log, "
        "head,"
        " done, parked) || CASE WHEN outbox = 0 AND log = %zu AND head = log AND done = head"
        " AND parked = 0 THEN '.' ELSE '' END FROM (SELECT"
        " (SELECT count(*) FROM goals.outbox) AS outbox,"
        " (SELECT count(*) FROM kpis.parked_events) AS parked,"
        " count(*) + (SELECT pos - 1 FROM goals.log_begin) AS log, coalesce(max(pos), 0) AS head,"
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

bool rig_settled(int64_t max_ms)
{
    int64_t end_us = monotonic_us() + max_ms * 1000;

    while (!all_through() && monotonic_us() < end_us)
        rig_sleep_ms(20);
    return all_through() && same_state();
}

const char *rig_reason(void)
{
    return rig.reason;
}

static bool reaches(const char *sql, long number, int64_t max_ms)
{
    int64_t end_us = monotonic_us() + max_ms * 1000;

    while (strtol(rig_sql(sql), NULL, 10) < number) {
        if (monotonic_us() >= end_us)
            return false;
        rig_sleep_ms(5);
    }
    return true;
}

bool rig_logged(long sequence, int64_t max_ms)
{
    return reaches("SELECT max(pos) FROM goals.event_log", sequence, max_ms);
}

bool rig_consumed(long sequence, int64_t max_ms)
{
    return reaches("SELECT max(pos) FROM kpis.consumed", sequence, max_ms);
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
    const char *port = NULL, *next = rig_log(program);
    size_t size = 0;
    ssize_t got;

    while ((next = strstr(next, "\"port\":"))) /* the last one, of those that were started */
        port = next++;
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
