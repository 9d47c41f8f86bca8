/* Many requests at once, and processes that die meanwhile: limits stay exact, work is done once,
 * leaf operations are answered, and cancelled requests are not carried out. */
#include "things.h"

#include "timestamp.h"

static const char *const few_fibers[] = {"TRACTION_FIBERS", "8", NULL};

static int count_code(const struct things_call *calls, size_t count, const char *code)
{
    int found = 0;

    for (size_t i = 0; i < count; i++)
        found += str_equal(calls[i].reply.code, str_of(code));
    return found;
}

static void wait_all(struct things_call *calls, size_t count)
{
    for (size_t i = 0; i < count; i++)
        rig_wait(&calls[i]);
}

static const char *text(const char *format, int number)
{
    return arena_printf(arena, format[0] == 'k' ? "key %d" : "thing %d", number).data;
}

START_TEST(limits_are_exact)
{
    enum { COUNT = 50, LIMIT = 10 };
    struct things_call calls[COUNT];

    rig_start(&things, NULL);
    for (int i = 0; i < COUNT; i++) {
        calls[i] = *CALL(.operation = "createGoal", .limit = LIMIT, .command = text("k", i),
                         .body = rig_thing(text("t", i), 1));
        rig_send(&calls[i]);
    }
    wait_all(calls, COUNT);
    ck_assert_int_eq(count_code(calls, COUNT, "CREATED"), LIMIT);
    ck_assert_int_eq(count_code(calls, COUNT, "GOAL_LIMIT_REACHED"), COUNT - LIMIT);
    ck_assert_str_eq(rig_sql("SELECT count(*) FROM things"), "10");
    /* Another tenant has room of its own. */
    ck_assert_code(rig_call(CALL(.operation = "createGoal", .limit = LIMIT, .tenant = "t2",
                                 .body = rig_thing("one", 1))),
                   "CREATED");
    rig_end();
}
END_TEST

static struct str entangled_with(const char *id)
{
    struct buffer body = buffer_in(arena, 96);

    pack_map(&body, 2);
    pack_key(&body, "title");
    pack_text(&body, STR("x"));
    pack_key(&body, "other");
    pack_text(&body, str_of(id));
    return buffer_str(&body);
}

START_TEST(deadlocks_are_tried_again)
{
    struct things_call calls[2];

    rig_start(&things, NULL);
    rig_sql("INSERT INTO things VALUES ('t1', '" ID_1 "', 'a', 0, 1), ('t1', '" ID_2
            "', 'b', 0, 1)");
    calls[0] = *CALL(.operation = "activateGoal", .command = "k1", .id = ID_1,
                     .body = entangled_with(ID_2));
    calls[1] = *CALL(.operation = "activateGoal", .command = "k2", .id = ID_2,
                     .body = entangled_with(ID_1));
    rig_send(&calls[0]);
    rig_send(&calls[1]);
    wait_all(calls, 2);
    ck_assert_code(&calls[0], "OK");
    ck_assert_code(&calls[1], "OK");
    ck_assert_str_eq(rig_sql("SELECT string_agg(amount::text, ',') FROM things"), "1,1");
    ck_assert_int_ge((int)rig_metric("traction_database_faults_total"), 1);
    ck_assert_str_eq(rig_sql("SELECT count(answer) FROM idempotency"), "2");
    rig_end();
}
END_TEST

START_TEST(leaves_have_room_when_all_else_is_busy)
{
    enum { COUNT = 20 };
    struct things_call dreams[COUNT];

    rig_start(&things, few_fibers);
    ck_assert_code(rig_call(CALL(.operation = "checkGoals")), "OK");
    for (int i = 0; i < COUNT; i++) {
        dreams[i] = *CALL(.operation = "getStrategies");
        rig_send(&dreams[i]);
    }
    rig_run_ms(50);
    int64_t before_us = monotonic_us();
    ck_assert_code(rig_call(CALL(.operation = "checkGoals")), "OK");
    ck_assert_int_lt(monotonic_us() - before_us, 400000);
    ck_assert_int_eq((int)rig_metric("traction_requests_running{kind=\"read\"}"), 6);
    ck_assert_int_eq((int)rig_metric("traction_requests_waiting{kind=\"read\"}"), 14);
    wait_all(dreams, COUNT);
    ck_assert_int_eq(count_code(dreams, COUNT, "OK"), COUNT);
    rig_end();
}
END_TEST

static size_t count_done(const struct things_call *calls, size_t count)
{
    size_t done = 0;

    for (size_t i = 0; i < count; i++)
        done += calls[i].done;
    return done;
}

/* Six reads run at once: one that arrives behind 20 others of another tenant runs as soon as the
 * first of these end. */
START_TEST(tenants_do_not_wait_for_the_queues_of_others)
{
    enum { COUNT = 26, AT_ONCE = 6 };
    struct things_call dreams[COUNT], other;

    rig_start(&things, few_fibers);
    ck_assert_code(rig_call(CALL(.operation = "checkGoals")), "OK");
    for (int i = 0; i < COUNT; i++) {
        dreams[i] = *CALL(.operation = "getStrategies");
        rig_send(&dreams[i]);
    }
    rig_run_ms(50);
    other = *CALL(.operation = "getStrategies", .tenant = "t2");
    rig_send(&other);
    rig_wait(&other);
    ck_assert_uint_le(count_done(dreams, COUNT), AT_ONCE * 2);
    wait_all(dreams, COUNT);
    ck_assert_int_eq(count_code(dreams, COUNT, "OK"), COUNT);
    rig_end();
}
END_TEST

/* Writes that would wait for one row's lock take a single connection, so others have theirs. */
START_TEST(writes_to_one_row_wait_without_a_connection)
{
    enum { COUNT = 8 };
    struct things_call calls[COUNT];

    rig_start(&things, (const char *const[]){"TRACTION_DATABASE_WRITERS", "2", NULL});
    rig_sql("INSERT INTO things VALUES ('t1', '" ID_1 "', 'a', 0, 1), ('t1', '" ID_2
            "', 'b', 0, 1)");
    for (int i = 0; i < COUNT; i++) {
        calls[i] = *CALL(.operation = "activateGoal", .command = text("k", i), .id = ID_1,
                         .body = entangled_with(ID_2));
        rig_send(&calls[i]);
    }
    rig_wait(&calls[0]);
    ck_assert_code(rig_call(CALL(.operation = "createGoal", .body = rig_thing("one", 1))),
                   "CREATED");
    ck_assert_uint_le(count_done(calls, COUNT), 3);
    ck_assert_int_le((int)rig_metric("traction_requests_running{kind=\"write\"}"), 1);
    ck_assert_int_ge((int)rig_metric("traction_requests_waiting_for_row"), COUNT - 5);
    wait_all(calls, COUNT);
    ck_assert_int_eq(count_code(calls, COUNT, "OK"), COUNT);
    ck_assert_str_eq(rig_sql("SELECT amount FROM things WHERE id = '" ID_2 "'"), "8");
    ck_assert_int_eq((int)rig_metric("traction_requests_waiting_for_row"), 0);
    rig_end();
}
END_TEST

START_TEST(what_nobody_waits_for_is_dropped)
{
    enum { COUNT = 6, LATE = 4 };
    struct things_call dreams[COUNT], late[LATE];

    rig_start(&things, few_fibers);
    ck_assert_code(rig_call(CALL(.operation = "checkGoals")), "OK");
    for (int i = 0; i < COUNT; i++) {
        dreams[i] = *CALL(.operation = "getStrategies");
        rig_send(&dreams[i]);
    }
    rig_run_ms(20);
    for (int i = 0; i < LATE; i++) {
        late[i] = *CALL(.operation = "getStrategies", .remaining_ms = 200);
        rig_send(&late[i]);
    }
    wait_all(late, LATE);
    wait_all(dreams, COUNT);
    for (int i = 0; i < LATE; i++)
        ck_assert_int_eq(late[i].outcome, BUS_TIMEOUT);
    rig_run_ms(50);
    ck_assert_int_eq((int)rig_metric("traction_requests_expired_total"), LATE);
    ck_assert_int_eq(
        (int)rig_metric("traction_requests_total{operation=\"getStrategies\",status=\"200\"}"),
        COUNT);
    rig_end();
}
END_TEST

START_TEST(more_than_it_holds_is_refused)
{
    enum { COUNT = 30, HELD = 10 };
    struct things_call dreams[COUNT];

    rig_start(&things,
              (const char *const[]){"TRACTION_FIBERS", "8", "TRACTION_QUEUE_LENGTH", "10", NULL});
    ck_assert_code(rig_call(CALL(.operation = "checkGoals")), "OK");
    for (int i = 0; i < COUNT; i++) {
        dreams[i] = *CALL(.operation = "getStrategies");
        rig_send(&dreams[i]);
    }
    wait_all(dreams, COUNT);
    ck_assert_int_eq(count_code(dreams, COUNT, "OK"), HELD);
    ck_assert_int_eq(count_code(dreams, COUNT, "SERVICE_UNAVAILABLE"), COUNT - HELD);
    rig_end();
}
END_TEST

/* Sends each create, with its key, until it succeeds, as a client would. */
static void create_surely(struct things_call *calls, int count)
{
    for (int round = 0; count_code(calls, (size_t)count, "CREATED") < count; round++) {
        ck_assert_int_lt(round, 100);
        rig_run_ms(round > 0 ? 50 : 0); /* refusals come at once */
        for (int i = 0; i < count; i++) {
            if (str_equal(calls[i].reply.code, STR("CREATED")))
                continue;
            calls[i] = *CALL(.operation = "createGoal", .command = text("k", i),
                             .body = rig_thing(text("t", i), 1));
            rig_send(&calls[i]);
        }
        wait_all(calls, (size_t)count);
    }
}

/* Everything is there once, and what each caller was told is what there is. */
static void check_creates(const struct things_call *calls, int count)
{
    char sql[200];

    ck_assert_int_eq(atoi(rig_sql("SELECT count(*) FROM things")), count);
    ck_assert_int_eq(atoi(rig_sql("SELECT count(*) FROM " RIG_EVENTS)), count);
    for (int i = 0; i < count; i += 17) {
        struct str id = value_text(value_get(&calls[i].data, "id"));
        snprintf(sql, sizeof sql, "SELECT title FROM things WHERE id = '" STR_FMT "'", STR_ARG(id));
        ck_assert_str_eq(rig_sql(sql), text("t", i));
    }
}

static void terminate_backends(void *argument)
{
    (void)argument;
    rig_sql(
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE usename = 'svc_goals'"
        " AND datname = current_database()");
}

/* Twice in each step, however long a connection takes to come back: by the clock alone a slow
 * machine would lose them faster than it opens them. */
START_TEST(lost_connections_lose_and_double_nothing)
{
    enum { COUNT = 260, STEP = 13 };
    static struct things_call calls[COUNT];

    rig_start(&things, NULL);
    ck_assert_code(rig_call(CALL(.operation = "checkGoals")), "OK");
    struct loop_timer *first = loop_timer_new(loop, 5, 0, terminate_backends, NULL);
    struct loop_timer *second = loop_timer_new(loop, 60, 0, terminate_backends, NULL);
    for (int i = 0; i < COUNT; i += STEP) {
        loop_timer_set(first, i % 7, 0);
        loop_timer_set(second, 20 + i % 60, 0);
        create_surely(calls, i + STEP);
    }
    loop_timer_destroy(&first);
    loop_timer_destroy(&second);
    check_creates(calls, COUNT);
    rig_end();
}
END_TEST

static void kill_service(void *argument)
{
    (void)argument;
    kill(child, SIGKILL);
    rig_exit_of(child);
    child = rig_run(&things, NULL, NULL);
}

START_TEST(a_killed_service_neither)
{
    enum { COUNT = 300 };
    static struct things_call calls[COUNT];

    rig_start(&things, NULL);
    ck_assert_code(rig_call(CALL(.operation = "checkGoals")), "OK");
    struct loop_timer *killer = loop_timer_new(loop, 60, 0, kill_service, NULL);
    create_surely(calls, COUNT);
    loop_timer_destroy(&killer);
    check_creates(calls, COUNT);
    rig_end();
}
END_TEST

SERVICE_SUITE_MAIN("pressure", limits_are_exact, deadlocks_are_tried_again,
                   leaves_have_room_when_all_else_is_busy,
                   tenants_do_not_wait_for_the_queues_of_others,
                   writes_to_one_row_wait_without_a_connection, what_nobody_waits_for_is_dropped,
                   more_than_it_holds_is_refused, lost_connections_lose_and_double_nothing,
                   a_killed_service_neither)
