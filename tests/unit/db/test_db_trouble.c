/* Failures of a database in use: deadlocks, slow and stuck statements, killed and frozen server
 * processes, an unreachable server. After each, the pool works again. */
#include <signal.h>

#include "db_rig.h"

struct trouble_row {
    int64_t id;
    int64_t value;
};
static const struct field trouble_row_fields[] = {
    FIELD(trouble_row, id, "id", .flags = 0),
    FIELD(trouble_row, value, "value", .flags = 0),
};
static const struct model trouble_row_model = MODEL("Row", trouble_row, trouble_row_fields);

static const char schema[] = "CREATE TABLE item (id bigint PRIMARY KEY, value bigint NOT NULL);"
                             "INSERT INTO item VALUES (1, 0), (2, 0)";

STATEMENT(ITEM_SET, "UPDATE item SET value = $2 WHERE id = $1", "id", "value");
STATEMENT(ITEM_GET, "SELECT id, value FROM item WHERE id = $1", "id");
STATEMENT(SLEEP, "SELECT $1::bigint AS value FROM (SELECT pg_sleep($1::bigint / 1000.0)) s",
          "value");
STATEMENT_PLAIN(BACKEND, "SELECT pg_backend_pid()::bigint AS value");

static struct statement *const statements[] = {&ITEM_SET_statement, &ITEM_GET_statement,
                                               &SLEEP_statement, &BACKEND_statement, NULL};

static void open_rig(size_t readers, size_t writers)
{
    rig_open(schema);
    rig_database_open(rig_url, statements, readers, writers);
}

static struct session *begin_for(struct arena *arena, bool writes, int64_t delay_ms)
{
    struct session_context context = {STR("tenant-1"), STR("user-1"), {0}};
    return session_begin(rig_database, arena, writes, &context, soon(delay_ms));
}

static void assert_works(void)
{
    struct arena *arena = arena_new();
    for (int writes = 0; writes < 2; writes++) {
        struct session *session = begin_for(arena, writes, 10000);
        struct trouble_row row = {.id = 1, .value = 5}, seen;
        bool found;
        if (writes)
            session_queue(session, &ITEM_SET_statement, AS(trouble_row, &row));
        session_queue_row(session, &ITEM_GET_statement, AS(trouble_row, &row),
                          AS(trouble_row, &seen), &found);
        ck_assert_int_eq(session_commit(session), DB_OK);
        ck_assert(found && (!writes || seen.value == 5));
        session_end(&session);
    }
    arena_destroy(&arena);
}

static enum db_fault_kind set_both(int64_t first, int64_t delay_ms)
{
    struct arena *arena = arena_new();
    struct session *session = begin(arena, true);
    for (int64_t i = 0; i < 2; i++) {
        struct trouble_row row = {.id = i == 0 ? first : 3 - first, .value = first};
        session_queue(session, &ITEM_SET_statement, AS(trouble_row, &row));
        if (i == 0) {
            session_wait(session);
            fiber_sleep(delay_ms);
        }
    }
    enum db_fault_kind kind = session_commit(session);
    session_end(&session);
    arena_destroy(&arena);
    return kind;
}

static enum db_fault_kind deadlock_kinds[2];

static void do_deadlock(void *argument)
{
    int64_t first = *(const int64_t *)argument;
    deadlock_kinds[first - 1] = set_both(first, 200);
}

START_TEST(a_deadlock_asks_for_a_retry)
{
    static int64_t one = 1, two = 2;
    open_rig(1, 2);
    rig_start(do_deadlock, &one);
    rig_start(do_deadlock, &two);
    rig_run();
    ck_assert_int_eq(deadlock_kinds[0] + deadlock_kinds[1], DB_RETRY + DB_OK);
    ck_assert_int_ne(deadlock_kinds[0], deadlock_kinds[1]);
    rig_close();
}
END_TEST

/* Somebody else holds the row for longer than lock_timeout. */
static void do_locked(void *argument)
{
    (void)argument;
    outside("BEGIN");
    outside("UPDATE item SET value = 1 WHERE id = 1");
    ck_assert_int_eq(set_both(1, 0), DB_LOCKED);
    outside("ROLLBACK");
    assert_works();
}

static enum db_fault_kind sleep_for(bool writes, int64_t sleep_ms, int64_t deadline_ms)
{
    struct arena *arena = arena_new();
    struct session *session = begin_for(arena, writes, deadline_ms);
    struct trouble_row row = {.value = sleep_ms}, answer;
    bool found;
    session_queue_row(session, &SLEEP_statement, AS(trouble_row, &row), AS(trouble_row, &answer),
                      &found);
    enum db_fault_kind kind = session_commit(session);
    ck_assert_int_eq(found, kind == DB_OK);
    session_end(&session);
    arena_destroy(&arena);
    return kind;
}

static void do_statement_timeout(void *argument)
{
    (void)argument;
    ck_assert_int_eq(sleep_for(false, 60000, 20000), DB_TIMEOUT); /* the server's limit is 3 s */
    assert_works();
}

/* The session gives up; its arena is gone when the answer comes. */
static void do_deadline(void *argument)
{
    (void)argument;
    int64_t began_us = monotonic_us();
    for (int writes = 0; writes < 2; writes++)
        ck_assert_int_eq(sleep_for(writes, 600, 50), DB_TIMEOUT);
    ck_assert_int_lt(monotonic_us() - began_us, 400000);
    ck_assert_int_eq(sleep_for(false, 1, 0), DB_TIMEOUT);
    assert_works(); /* behind the two sleeps, on the same connections */
    ck_assert_uint_eq(database_counts(rig_database).reconnects, 0);
}

/* --- Killed connections --- */

static void kill_backends(const char *which)
{
    char sql[256];
    snprintf(sql, sizeof sql,
             "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
             " WHERE application_name = 'test' AND %s",
             which);
    ck_assert_str_ne(outside(sql), "0");
}

static void do_killed_writer(void *argument)
{
    (void)argument;
    struct arena *arena = arena_new();
    struct session *session = begin(arena, true);
    struct trouble_row row = {.id = 2, .value = 7};
    session_queue(session, &ITEM_SET_statement, AS(trouble_row, &row));
    ck_assert_int_eq(session_wait(session), DB_OK);
    kill_backends("state = 'idle in transaction'");
    session_queue(session, &ITEM_SET_statement, AS(trouble_row, &row));
    /* At the latest when the commit is sent; then nobody could know whether it was carried out. */
    enum db_fault_kind kind = session_commit(session);
    ck_assert_msg(kind == DB_UNAVAILABLE || kind == DB_LOST, "%d", kind);
    session_end(&session);
    ck_assert_str_eq(outside("SELECT value FROM item WHERE id = 2"), "0");
    fiber_sleep(300);
    assert_works();

    /* The same, noticed while the session does something else. */
    session = begin(arena, true);
    session_queue(session, &ITEM_SET_statement, AS(trouble_row, &row));
    ck_assert_int_eq(session_wait(session), DB_OK);
    kill_backends("state = 'idle in transaction'");
    fiber_sleep(300);
    session_queue(session, &ITEM_SET_statement, AS(trouble_row, &row));
    ck_assert_int_eq(session_commit(session), DB_UNAVAILABLE);
    session_end(&session);
    assert_works();
    arena_destroy(&arena);
}

static enum db_fault_kind background_kind;

static void do_sleep(void *argument)
{
    background_kind = sleep_for(argument != NULL, 1000, 10000);
}

/* A statement is under way, then the connection dies. A read is asked again; a write is not. */
static void do_killed_at_work(void *argument)
{
    (void)argument;
    for (int writes = 0; writes < 2; writes++) {
        background_kind = DB_BUG;
        rig_start(do_sleep, writes ? &background_kind : NULL);
        fiber_sleep(200);
        kill_backends("state = 'active'");
        fiber_sleep(1600);
        ck_assert_int_eq(background_kind, writes ? DB_UNAVAILABLE : DB_OK);
        assert_works();
    }
}

static void do_killed_idle(void *argument)
{
    (void)argument;
    kill_backends("true");
    assert_works(); /* asked before the loss is known, or while there is no connection */
    kill_backends("true");
    fiber_sleep(500);
    ck_assert(database_ready(rig_database));
    assert_works();
}

/* --- A frozen server process --- */

/* What it owes first is a statement's Parse, because the connection is a new one. */
static void do_frozen(void *argument)
{
    (void)argument;
    struct arena *arena = arena_new();
    kill_backends("true");
    assert_works();
    struct session *session = begin(arena, false);
    struct trouble_row answer;
    bool found;
    session_queue_row(session, &BACKEND_statement, NOTHING, AS(trouble_row, &answer), &found);
    ck_assert_int_eq(session_wait(session), DB_OK);
    session_end(&session);
    uint64_t before = database_counts(rig_database).reconnects;
    ck_assert_int_eq(kill((pid_t)answer.value, SIGSTOP), 0);
    ck_assert_int_eq(sleep_for(false, 1, 300), DB_TIMEOUT);
    fiber_sleep(7500); /* the pool gives the connection up and opens another */
    ck_assert_uint_eq(database_counts(rig_database).reconnects, before + 1);
    assert_works();
    ck_assert_int_eq(kill((pid_t)answer.value, SIGKILL), 0);
    arena_destroy(&arena);
}

/* --- No server --- */

static void do_unreachable(void *argument)
{
    (void)argument;
    struct arena *arena = arena_new();
    for (int writes = 0; writes < 2; writes++) {
        struct session *session = begin(arena, writes);
        int64_t began_us = monotonic_us();
        session_queue(session, &BACKEND_statement, NOTHING);
        ck_assert_int_eq(session_commit(session), DB_UNAVAILABLE);
        ck_assert_int_lt(monotonic_us() - began_us, 20000);
        session_end(&session);
    }
    ck_assert(!database_ready(rig_database));
    ck_assert_ptr_nonnull(strstr(database_state(rig_database), "failed"));
    arena_destroy(&arena);
}

START_TEST(no_server_is_said_at_once)
{
    rig_open("SELECT 1");
    rig_database = database_new(
        rig_loop, &(struct database_config){.url = "postgresql://nobody@/nothing?host=/nonexistent",
                                            .process = "test",
                                            .readers = 1,
                                            .writers = 1,
                                            .statements = {statements, NULL}});
    rig_turn(300);
    rig_fiber(do_unreachable, NULL);
    rig_close();
}
END_TEST

STATEMENT_PLAIN(WRONG, "SELECT nonsense FROM nowhere");

START_TEST(bad_sql_ends_the_process)
{
    static struct statement *const bad[] = {&BACKEND_statement, &WRONG_statement, NULL};
    rig_open("SELECT 1");
    rig_database_open(rig_url, bad, 1, 1);
}
END_TEST

#define FIBER_TEST(name, body, readers, writers) \
    START_TEST(name)                             \
    {                                            \
        open_rig(readers, writers);              \
        rig_fiber(body, NULL);                   \
        rig_close();                             \
    }                                            \
    END_TEST

FIBER_TEST(a_lock_is_not_waited_for_long, do_locked, 1, 2)
FIBER_TEST(slow_statements_are_ended, do_statement_timeout, 1, 1)
FIBER_TEST(deadlines_hold, do_deadline, 1, 1)
FIBER_TEST(killed_writers_are_replaced, do_killed_writer, 1, 1)
FIBER_TEST(killed_at_work, do_killed_at_work, 2, 2)
FIBER_TEST(killed_while_idle, do_killed_idle, 2, 2)
FIBER_TEST(frozen_servers_are_disconnected, do_frozen, 1, 1)

int main(void)
{
    Suite *suite = suite_create("db trouble");
    TCase *tests = tcase_create("db trouble");
    postgres_start();
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, a_deadlock_asks_for_a_retry);
    tcase_add_test(tests, a_lock_is_not_waited_for_long);
    tcase_add_test(tests, slow_statements_are_ended);
    tcase_add_test(tests, deadlines_hold);
    tcase_add_test(tests, killed_writers_are_replaced);
    tcase_add_test(tests, killed_at_work);
    tcase_add_test(tests, killed_while_idle);
    tcase_add_test(tests, no_server_is_said_at_once);
    tcase_add_exit_test(tests, bad_sql_ends_the_process, EXIT_FAILURE);
    if (postgres_pid() != 0) /* processes of another server are not ours to stop */
        tcase_add_test(tests, frozen_servers_are_disconnected);
    suite_add_tcase(suite, tests);
    int result = suite_finish(suite);
    postgres_stop();
    return result;
}
