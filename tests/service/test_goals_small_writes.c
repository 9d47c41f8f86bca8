/* A small change of a goal with many long strategies writes little, and a repetition is answered as
 * the first time although the answer was too large to be kept. */
#include "service_rig.h"

static const char *goal_id, *goal_path;

/* 200 strategies of 5,000 characters that do not compress to nothing. */
static void fill_goal(void)
{
    rig_new_tenant();
    const struct rig_answer *goal =
        ask("createGoal", NULL, "{'title': 'a', 'owner_id': 'o', 'horizon': 'year'}");

    ck_answer(goal, 201);
    goal_id = text_at(goal, "data.id");
    goal_path = format("{'id': '%s'}", goal_id);
    sql_value(format(
        "INSERT INTO goals.strategies (tenant_id, id, goal_id, description, status, order_index,"
        " version, created_at, updated_at, created_by, updated_by) SELECT '%s', gen_random_uuid(),"
        " '%s', left(string_agg(md5(random()::text), ''), 5000), 'draft', n, 1, now(), now(), 'u',"
        " 'u' FROM generate_series(1, 200) n, generate_series(1, 157) GROUP BY n",
        caller.tenant, goal_id));
}

static const struct rig_answer *by_gateway(const char *command, const char *operation,
                                           const char *path, const char *body)
{
    caller.command = command;
    caller.of_gateway = true;
    return ask(operation, path, body);
}

static bool events_are_moved(void)
{
    return !strcmp(sql_value("SELECT count(*) FROM goals.outbox"), "0");
}

static long wal_position(void)
{
    ck_assert(wait_until(events_are_moved, 10000));
    return strtol(sql_value("SELECT pg_current_wal_insert_lsn() - '0/0'"), NULL, 10);
}

/* Too large for Check to print. */
static void ck_same(const struct rig_answer *one, const struct rig_answer *other)
{
    ck_assert_int_eq(one->http, other->http);
    ck_assert(strcmp(one->text, other->text) == 0);
}

START_TEST(a_small_change_writes_20_kb)
{
    fill_goal();
    /* The first one after a checkpoint also writes whole pages. */
    ck_answer(ask("updateGoal", goal_path, "{'title': 'b'}"), 200);
    long before = wal_position();
    ck_answer(ask("updateGoal", goal_path, "{'title': 'c'}"), 200);
    long written = wal_position() - before;
    ck_assert_msg(written <= 20 * 1024, "%ld bytes", written);
    ck_assert_int_gt(written, 0);
}
END_TEST

static const char *stored_size(void)
{
    return sql_value(format("SELECT max(length(answer)) FROM goals.idempotency"
                            " WHERE tenant_id = '%s'",
                            caller.tenant));
}

START_TEST(a_repetition_is_answered_as_the_first_time)
{
    const struct {
        const char *operation, *body;
    } writes[] = {
        {"updateGoal", "{'title': 'b'}"},
        {"activateGoal", "{'reason': 'because'}"},
    };

    fill_goal();
    for (size_t i = 0; i < sizeof writes / sizeof *writes; i++) {
        const char *command = format("own-%zu", i);
        const struct rig_answer *first =
            by_gateway(command, writes[i].operation, goal_path, writes[i].body);
        ck_answer(first, 200);
        ck_assert_uint_gt(strlen(first->text), 1000000);
        const struct rig_answer *again =
            by_gateway(command, writes[i].operation, goal_path, writes[i].body);
        ck_same(again, first);
    }
    ck_assert_str_eq(event_types(), "goal.created goal.updated activity.created goal.activated");
    ck_assert_int_lt(strtol(stored_size(), NULL, 10), 4096);
    ck_refused(by_gateway("own-0", "updateGoal", goal_path, "{'title': 'other'}"), 422,
               "IDEMPOTENCY_KEY_REUSED");
    /* What has happened since is seen; the work is not done again. */
    ck_answer(ask("updateGoal", goal_path, "{'title': 'later'}"), 200);
    ck_at(by_gateway("own-0", "updateGoal", goal_path, "{'title': 'b'}"), "data.title", "'later'");
    ck_at(ask("getGoalById", goal_path, NULL), "version", "4");
}
END_TEST

/* It is kept for a day, as it was. */
START_TEST(a_clients_key_keeps_the_first_answer)
{
    fill_goal();
    caller.command = "key";
    const struct rig_answer *first = ask("updateGoal", goal_path, "{'title': 'b'}");
    ck_answer(ask("updateGoal", goal_path, "{'title': 'later'}"), 200);
    caller.command = "key";
    const struct rig_answer *again = ask("updateGoal", goal_path, "{'title': 'b'}");
    ck_same(again, first);
    ck_assert_int_gt(strtol(stored_size(), NULL, 10), 1000000);
}
END_TEST

START_TEST(small_answers_are_kept)
{
    rig_new_tenant();
    const struct rig_answer *goal =
        by_gateway("own", "createGoal", NULL, "{'title': 'a', 'owner_id': 'o', 'horizon': 'year'}");
    ck_answer(goal, 201);
    const char *path = format("{'id': '%s'}", text_at(goal, "data.id"));
    const struct rig_answer *first = by_gateway("own-2", "updateGoal", path, "{'title': 'b'}");
    ck_answer(ask("updateGoal", path, "{'title': 'later'}"), 200);
    ck_assert_str_eq(by_gateway("own-2", "updateGoal", path, "{'title': 'b'}")->text, first->text);
}
END_TEST

SERVICE_SUITE_MAIN("goals_small_writes", a_small_change_writes_20_kb,
                   a_repetition_is_answered_as_the_first_time, a_clients_key_keeps_the_first_answer,
                   small_answers_are_kept)
