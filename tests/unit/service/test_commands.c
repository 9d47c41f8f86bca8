/* Commands that arrive twice, at once, or late: the work is done once, and the answer is the same.
 */
#include "things.h"

static struct things_call *create(const char *command, const char *title,
                                  enum command_source source)
{
    struct things_call *call = arena_alloc(arena, sizeof *call);

    *call = *CALL(.operation = "createGoal", .command = command, .source = source,
                  .body = rig_thing(title, 1));
    return rig_call(call);
}

/* What the counters say of one create without an event. */
static void count_quiet_create(const char *name, int *waves, int *statements)
{
    int waves_before = (int)rig_metric("traction_database_waves_total");
    int statements_before = (int)rig_metric("traction_database_statements_total");

    ck_assert_code(
        rig_call(CALL(.operation = "addGoalNote", .command = name, .body = rig_thing(name, 1))),
        "OK");
    *waves = (int)rig_metric("traction_database_waves_total") - waves_before;
    *statements = (int)rig_metric("traction_database_statements_total") - statements_before;
}

/* The service asks for itself now and then, which counts, too; never does a create of two round
 * trips look like one. */
START_TEST(a_create_is_one_round_trip)
{
    static const char *const names[] = {"one", "two", "three", "four", "five"};
    int waves = 0, statements = 0;

    rig_start(&things, NULL);
    ck_assert_code(create("warm", "warm", COMMAND_GATEWAY), "CREATED");
    for (size_t i = 0; i < 5 && waves != 1; i++) {
        rig_run_ms(100);
        count_quiet_create(names[i], &waves, &statements);
    }
    ck_assert_int_eq(waves, 1);
    ck_assert_int_eq(statements, 3); /* the tenant, the thing, its answer */
    ck_assert_str_eq(rig_sql("SELECT count(*) FILTER (WHERE answer IS NULL) FROM idempotency"),
                     "0");
    rig_end();
}
END_TEST

START_TEST(a_repetition_gets_the_first_answer)
{
    rig_start(&things, NULL);
    struct things_call *first = create("k", "one", COMMAND_CLIENT);
    struct things_call *again = create("k", "one", COMMAND_CLIENT);
    ck_assert_code(first, "CREATED");
    ck_assert_code(again, "CREATED");
    ck_assert_int_eq(again->reply.http, 201);
    ck_assert_int_eq(again->reply.version, 1);
    ck_assert(str_equal(first->reply.data, again->reply.data));
    ck_assert(str_equal(first->reply.location, again->reply.location));
    ck_assert_str_eq(rig_sql("SELECT count(*) FROM things"), "1");
    ck_assert_str_eq(rig_sql("SELECT count(*) FROM " RIG_EVENTS), "1");
    rig_end();
}
END_TEST

/* A handler that waits before it writes: the key comes first, the answer later. */
START_TEST(so_does_one_of_several_waits)
{
    rig_start(&things, NULL);
    struct things_call *first =
        rig_call(CALL(.operation = "pauseGoal", .command = "k", .body = rig_thing("one", 1)));
    struct things_call *again =
        rig_call(CALL(.operation = "pauseGoal", .command = "k", .body = rig_thing("one", 1)));
    ck_assert_code(first, "OK");
    ck_assert_code(again, "OK");
    ck_assert(str_equal(first->reply.data, again->reply.data));
    ck_assert_str_eq(rig_sql("SELECT count(*) FROM things"), "1");
    ck_assert_str_eq(rig_sql("SELECT count(*), count(answer) FROM idempotency"), "1|1");
    rig_end();
}
END_TEST

START_TEST(a_key_is_for_one_body)
{
    rig_start(&things, NULL);
    ck_assert_code(create("k", "one", COMMAND_CLIENT), "CREATED");
    struct things_call *other = create("k", "two", COMMAND_CLIENT);
    ck_assert_code(other, "IDEMPOTENCY_KEY_REUSED");
    ck_assert_int_eq(other->reply.http, 422);
    ck_assert_ptr_nonnull(other->reply.errors.data);
    ck_assert_code(
        rig_call(CALL(.operation = "pauseGoal", .command = "p", .body = rig_thing("p", 1))), "OK");
    ck_assert_code(
        rig_call(CALL(.operation = "pauseGoal", .command = "p", .body = rig_thing("q", 1))),
        "IDEMPOTENCY_KEY_REUSED");
    ck_assert_str_eq(rig_sql("SELECT string_agg(title, ',' ORDER BY title) FROM things"), "one,p");
    rig_end();
}
END_TEST

START_TEST(keys_belong_to_tenant_operation_and_source)
{
    rig_start(&things, NULL);
    ck_assert_code(create("k", "one", COMMAND_CLIENT), "CREATED");
    ck_assert_code(create("k", "two", COMMAND_GATEWAY), "CREATED");
    ck_assert_code(rig_call(CALL(.operation = "createGoal", .command = "k", .tenant = "t2",
                                 .body = rig_thing("one", 1))),
                   "CREATED");
    ck_assert_code(
        rig_call(CALL(.operation = "pauseGoal", .command = "k", .body = rig_thing("three", 1))),
        "OK");
    ck_assert_str_eq(rig_sql("SELECT count(*) FROM things"), "4");
    rig_end();
}
END_TEST

static void at_once(const char *operation)
{
    enum { COUNT = 8 };
    struct things_call calls[COUNT];

    for (size_t i = 0; i < COUNT; i++) {
        calls[i] = *CALL(.operation = operation, .command = "k", .body = rig_thing("one", 1));
        rig_send(&calls[i]);
    }
    for (size_t i = 0; i < COUNT; i++) {
        rig_wait(&calls[i]);
        ck_assert_msg(calls[i].reply.http == 200 || calls[i].reply.http == 201, STR_FMT,
                      STR_ARG(calls[i].reply.code));
        ck_assert(str_equal(calls[i].reply.data, calls[0].reply.data));
    }
    ck_assert_str_eq(rig_sql("SELECT count(*) FROM things"), "1");
}

START_TEST(the_same_key_at_once_is_done_once)
{
    rig_start(&things, NULL);
    at_once("createGoal");
    rig_end();
}
END_TEST

START_TEST(also_when_it_takes_its_time)
{
    rig_start(&things, NULL);
    at_once("pauseGoal");
    rig_end();
}
END_TEST

START_TEST(failures_leave_nothing)
{
    rig_start(&things, NULL);
    struct things_call *call =
        rig_call(CALL(.operation = "deleteGoal", .command = "k", .id = ID_1));
    ck_assert_code(call, "CONFLICT");
    ck_assert(str_equal(call->reply.message, STR("after all, no")));
    ck_assert_str_eq(
        rig_sql("SELECT (SELECT count(*) FROM things), (SELECT count(*) FROM " RIG_EVENTS
                "), (SELECT count(*) FROM idempotency)"),
        "0|0|0");
    /* And the key is still free. */
    ck_assert_code(create("d", "bad amount", COMMAND_CLIENT), "CREATED");
    ck_assert_code(create("e", "bad amount", COMMAND_CLIENT), "DUPLICATE_NAME");
    ck_assert_code(create("e", "good", COMMAND_CLIENT), "CREATED");
    rig_end();
}
END_TEST

START_TEST(expired_keys_are_free)
{
    rig_start(&things, NULL);
    ck_assert_code(create("k", "one", COMMAND_CLIENT), "CREATED");
    ck_assert_str_eq(
        rig_sql("SELECT round(extract(epoch FROM expires_at - now()) / 3600) FROM idempotency"),
        "24");
    rig_sql("UPDATE idempotency SET expires_at = now() - interval '1 second'");
    ck_assert_code(create("k", "two", COMMAND_CLIENT), "CREATED");
    ck_assert_str_eq(rig_sql("SELECT count(*) FROM things"), "2");
    ck_assert_str_eq(rig_sql("SELECT count(*) FROM idempotency WHERE expires_at > now()"), "1");
    ck_assert_code(create("g", "three", COMMAND_GATEWAY), "CREATED");
    ck_assert_str_eq(
        rig_sql("SELECT round(extract(epoch FROM min(expires_at) - now()) / 60) FROM idempotency"),
        "10");
    rig_end();
}
END_TEST

START_TEST(the_service_may_purge_but_not_look)
{
    rig_start(&things, NULL);
    ck_assert_code(create("k", "one", COMMAND_CLIENT), "CREATED");
    ck_assert_code(create("l", "two", COMMAND_CLIENT), "CREATED");
    rig_sql("UPDATE idempotency SET expires_at = now() - interval '1 second' "
            "WHERE key = (SELECT key FROM idempotency LIMIT 1)");
    ck_assert_str_eq(rig_sql("SET ROLE svc_goals; SELECT count(*) FROM idempotency;"
                             " SELECT purge_idempotency(now(), 10);"
                             " SELECT purge_idempotency(now(), 10)"),
                     "0\n1\n0");
    ck_assert_str_eq(rig_sql("SELECT count(*) FROM idempotency"), "1");
    /* Events are added to with a tenant and moved and read without one. */
    ck_assert_str_eq(rig_sql("SET ROLE svc_goals; SELECT count(*) FROM " RIG_EVENTS
                             "; SET app.tenant = 't1'; SELECT count(*) FROM " RIG_EVENTS),
                     "2\n0");
    rig_end();
}
END_TEST

SERVICE_SUITE_MAIN("commands", a_create_is_one_round_trip, a_repetition_gets_the_first_answer,
                   so_does_one_of_several_waits, a_key_is_for_one_body,
                   keys_belong_to_tenant_operation_and_source, the_same_key_at_once_is_done_once,
                   also_when_it_takes_its_time, failures_leave_nothing, expired_keys_are_free,
                   the_service_may_purge_but_not_look)
