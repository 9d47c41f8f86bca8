/* Services that call each other: answers, derived command ids, and a called service that is down or
 * frozen. */
#include "things.h"

#include "timestamp.h"

static pid_t caller;

static void start_both(void)
{
    rig_start(&things, NULL);
    ck_assert_int_eq(rig_exit_of(rig_run(&callers, "--migrate", NULL)), 0);
    caller = rig_run(&callers, NULL, NULL);
    /* Once it has answered a call, both are up and connected. */
    struct things_call *call;
    do {
        rig_run_ms(50);
        call = arena_alloc(arena, sizeof *call);
        *call = *CALL(.operation = "getActionGoalRelationships", .body = rig_thing("x", 1));
        ck_assert_code(rig_call(call), "OK");
    } while (call->reply.degraded.data);
}

static void end_both(void)
{
    ck_assert_int_eq(kill(caller, SIGTERM), 0);
    int status = rig_exit_of(caller);
    ck_assert_msg(status == 0, "exit %d:\n%s", status, rig_log(SERVICE_OPERATIONS));
    rig_end();
}

START_TEST(answers_come_through)
{
    start_both();
    struct things_call *call =
        rig_call(CALL(.operation = "getActionGoalRelationships", .body = rig_thing("echo", 7)));
    ck_assert_code(call, "OK");
    ck_assert(str_equal(value_text(value_get(&call->data, "title")), STR("echo")));
    ck_assert_ptr_null(call->reply.degraded.data);
    end_both();
}
END_TEST

START_TEST(commands_have_ids_of_their_own)
{
    start_both();
    ck_assert_code(rig_call(CALL(.operation = "createAction", .command = "k")), "OK");
    ck_assert_str_eq(rig_sql("SELECT string_agg(title, ',' ORDER BY title) FROM things"),
                     "first,second");
    ck_assert_str_eq(rig_sql("SELECT count(*) FROM idempotency"), "2");
    /* The asker kept nothing, because it used no database: the asked one knows the commands. */
    struct things_call *again = rig_call(CALL(.operation = "createAction", .command = "k"));
    ck_assert_code(again, "OK");
    ck_assert(str_equal(value_text(value_get(&again->data, "title")), STR("second")));
    ck_assert_str_eq(rig_sql("SELECT count(*) FROM things"), "2");
    end_both();
}
END_TEST

START_TEST(a_service_that_is_down_is_not_reached)
{
    start_both();
    kill(child, SIGKILL);
    rig_exit_of(child);
    int64_t before_us = monotonic_us();
    struct things_call *call =
        rig_call(CALL(.operation = "getActionGoalRelationships", .body = rig_thing("x", 1)));
    ck_assert_code(call, "OK");
    ck_assert(str_equal(call->reply.degraded, STR("svc-goals")));
    ck_assert_int_lt(monotonic_us() - before_us, 3000000);
    child = rig_run(&things, NULL, NULL);
    for (int i = 0; call->reply.degraded.data && i < 100; i++) {
        rig_run_ms(100);
        call = arena_alloc(arena, sizeof *call);
        *call = *CALL(.operation = "getActionGoalRelationships", .body = rig_thing("x", 1));
        rig_call(call);
    }
    ck_assert_ptr_null(call->reply.degraded.data);
    end_both();
}
END_TEST

START_TEST(a_frozen_service_costs_its_budget_at_most)
{
    start_both();
    kill(child, SIGSTOP);
    int64_t before_us = monotonic_us();
    struct things_call *call =
        rig_call(CALL(.operation = "getActionGoalRelationships", .body = rig_thing("x", 1)));
    int64_t took_us = monotonic_us() - before_us;
    kill(child, SIGCONT);
    ck_assert_code(call, "OK");
    ck_assert(str_equal(call->reply.degraded, STR("svc-goals")));
    ck_assert_int_ge(took_us, 400000);
    ck_assert_int_lt(took_us, 3000000);
    end_both();
}
END_TEST

SERVICE_SUITE_MAIN("calls", answers_come_through, commands_have_ids_of_their_own,
                   a_service_that_is_down_is_not_reached, a_frozen_service_costs_its_budget_at_most)
