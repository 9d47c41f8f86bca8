/* What the database tests share: a fresh database, a second connection that looks at it from
 * outside, a loop with fibers, and the pool under test. Each test runs in a process of its own. */
#ifndef TRACTION_DB_RIG_H
#define TRACTION_DB_RIG_H

#include <libpq-fe.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "db.h"
#include "loop_for.h"
#include "postgres.h"
#include "timestamp.h"

#define STATEMENT(variable, text_, ...)                                  \
    static const char *const variable##_names[] = {__VA_ARGS__, NULL};   \
    static struct statement variable##_statement = {                     \
        .name = #variable,                                               \
        .text = text_,                                                   \
        .parameters = variable##_names,                                  \
        .parameter_count = sizeof variable##_names / sizeof(char *) - 1, \
        .global = true}
#define STATEMENT_PLAIN(variable, text_)             \
    static struct statement variable##_statement = { \
        .name = #variable, .text = text_, .global = true}

static const char *rig_url;
static PGconn *rig_outside; /* superuser */
static struct loop *rig_loop;
static struct database *rig_database;
static size_t rig_running;

/* Runs SQL from outside; answers the first value, or "". */
static inline const char *outside(const char *sql)
{
    static char value[256];
    PGresult *result = PQexec(rig_outside, sql);
    ExecStatusType status = PQresultStatus(result);
    ck_assert_msg(status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK, "%s: %s", sql,
                  PQresultErrorMessage(result));
    snprintf(value, sizeof value, "%s", PQntuples(result) > 0 ? PQgetvalue(result, 0, 0) : "");
    PQclear(result);
    return value;
}

static inline void rig_open(const char *schema)
{
    rig_url = postgres_new_database();
    rig_outside = PQconnectdb(rig_url);
    ck_assert_msg(PQstatus(rig_outside) == CONNECTION_OK, "%s", PQerrorMessage(rig_outside));
    outside("SET client_min_messages = warning");
    outside(schema);
    rig_loop = loop_new();
    fiber_init(rig_loop, 512, 128 * 1024);
}

static inline void rig_turn(int64_t delay_ms)
{
    loop_for_ms(rig_loop, delay_ms);
}

static inline void rig_until_ready(void)
{
    for (int i = 0; i < 500 && !database_ready(rig_database); i++)
        rig_turn(10);
    ck_assert_msg(database_ready(rig_database), "%s", database_state(rig_database));
}

static inline void rig_database_open(const char *url, struct statement *const *statements,
                                     size_t readers, size_t writers)
{
    rig_database =
        database_new(rig_loop, &(struct database_config){.url = url,
                                                         .process = "test",
                                                         .readers = readers,
                                                         .writers = writers,
                                                         .request_timeout_ms = 3000,
                                                         .statements = {statements, NULL}});
    rig_until_ready();
}

static inline void rig_close(void)
{
    rig_turn(20); /* what ended sessions left settles */
    database_destroy(&rig_database);
    fiber_shutdown();
    loop_destroy(&rig_loop);
    PQfinish(rig_outside);
}

struct rig_task {
    void (*run)(void *argument);
    void *argument;
};

static inline void rig_body(void *argument)
{
    struct rig_task *task = argument;
    task->run(task->argument);
    free(task);
    if (--rig_running == 0)
        loop_stop(rig_loop);
}

static inline void rig_start(void (*run)(void *argument), void *argument)
{
    struct rig_task *task = malloc(sizeof *task);
    ck_assert_ptr_nonnull(task);
    *task = (struct rig_task){run, argument};
    rig_running++;
    ck_assert(fiber_start(rig_body, task));
}

/* Until every started fiber has ended. */
static inline void rig_run(void)
{
    while (rig_running > 0)
        loop_run(rig_loop);
}

/* Runs one fiber to its end. */
static inline void rig_fiber(void (*run)(void *argument), void *argument)
{
    rig_start(run, argument);
    rig_run();
}

static inline int64_t soon(int64_t delay_ms)
{
    return monotonic_us() + delay_ms * 1000;
}

static inline struct session *begin_as(struct arena *arena, bool writes, const char *tenant)
{
    struct session_context context = {str_of(tenant), STR("user-1"), {1700000000000000}};
    return session_begin(rig_database, arena, writes, &context, soon(10000));
}

static inline struct session *begin(struct arena *arena, bool writes)
{
    return begin_as(arena, writes, "tenant-1");
}

#endif
