/* Sessions over a real PostgreSQL: what commits, what does not, who sees it, what faults mean, and
 * that sessions which share connections do not notice each other. */
#include <stdlib.h>

#include "db_rig.h"

struct session_row {
    int64_t id;
    int64_t value;
    struct str tenant_id;
    struct str text;
};
static const struct field session_row_fields[] = {
    FIELD(session_row, id, "id", .flags = 0),
    FIELD(session_row, value, "value", .flags = 0),
    FIELD(session_row, tenant_id, "tenantId", .flags = 0),
    FIELD(session_row, text, "text", .flags = 0),
};
static const struct model session_row_model = MODEL("Row", session_row, session_row_fields);

static const char schema[] =
    "CREATE TABLE item (id bigint PRIMARY KEY, tenant_id text NOT NULL, value bigint NOT NULL"
    " CONSTRAINT item_value_small CHECK (value < 1000), other bigint"
    " CONSTRAINT item_other REFERENCES item (id) DEFERRABLE INITIALLY DEFERRED)";

STATEMENT(ITEM_INSERT, "INSERT INTO item (id, tenant_id, value) VALUES ($1, $2, $3)", "id",
          "tenant", "value");
STATEMENT(ITEM_GET, "SELECT id, value, tenant_id FROM item WHERE id = $1", "id");
STATEMENT(ITEM_LOCK, "SELECT id, value, tenant_id FROM item WHERE id = $1 FOR UPDATE", "id");
STATEMENT(ITEM_ADD, "UPDATE item SET value = value + $2 WHERE id = $1", "id", "value");
STATEMENT(ITEM_DANGLE, "UPDATE item SET other = 999999 WHERE id = $1", "id");
STATEMENT(DIVIDE, "SELECT 100 / $1::bigint AS value", "value");
STATEMENT(SLEEP, "SELECT $1::bigint AS value FROM (SELECT pg_sleep($1::bigint / 1000.0)) s",
          "value");
STATEMENT_PLAIN(WHO, "SELECT coalesce(current_setting('app.tenant', true), 'unset') AS text");
STATEMENT(CONTEXT, "SELECT concat_ws(' ', $1::text, $2::text, $3::timestamptz) AS text", "tenant",
          "user_id", "now");
STATEMENT_PLAIN(BACKEND, "SELECT pg_backend_pid()::bigint AS value");
STATEMENT_PLAIN(SNEAK, "INSERT INTO item VALUES (77, 'x', 1)");

static const char *const search_names[] = {"value", NULL};
static struct statement SEARCH_statement = {
    .name = "SEARCH",
    .text = "SELECT $1::bigint AS value FROM (SELECT pg_sleep($1::bigint / 1000.0)) s",
    .parameters = search_names,
    .parameter_count = 1,
    .global = true,
    .long_read = true};

static struct statement *const statements[] = {
    &ITEM_INSERT_statement,
    &ITEM_GET_statement,
    &ITEM_LOCK_statement,
    &ITEM_ADD_statement,
    &ITEM_DANGLE_statement,
    &DIVIDE_statement,
    &SLEEP_statement,
    &WHO_statement,
    &CONTEXT_statement,
    &BACKEND_statement,
    &SNEAK_statement,
    &SEARCH_statement,
    NULL,
};

static void open_rig(size_t readers, size_t writers)
{
    rig_open(schema);
    rig_database_open(rig_url, statements, readers, writers);
}

/* --- Transactions --- */

static void do_commit(void *argument)
{
    (void)argument;
    struct arena *arena = arena_new();
    struct session_row row = {.id = 1, .value = 10}, seen;
    bool found;

    struct session *session = begin(arena, true);
    session_queue(session, &ITEM_INSERT_statement, AS(session_row, &row));
    ck_assert_str_eq(outside("SELECT count(*) FROM item"), "0");
    ck_assert_int_eq(session_commit(session), DB_OK); /* one batch */
    ck_assert_str_eq(outside("SELECT tenant_id FROM item"), "tenant-1");
    session_end(&session);
    ck_assert_ptr_null(session);

    session = begin(arena, true);
    session_queue_row(session, &ITEM_LOCK_statement, AS(session_row, &row), AS(session_row, &seen),
                      &found);
    ck_assert_int_eq(session_wait(session), DB_OK); /* two batches */
    ck_assert(found && seen.value == 10);
    int64_t affected;
    session_queue_count(session, &ITEM_ADD_statement, AS(session_row, &row), &affected);
    ck_assert_int_eq(session_wait(session), DB_OK); /* three, the last of them empty */
    ck_assert_int_eq(affected, 1);
    ck_assert_str_eq(outside("SELECT value FROM item"), "10");
    ck_assert_int_eq(session_commit(session), DB_OK);
    ck_assert_str_eq(outside("SELECT value FROM item"), "20");
    session_end(&session);

    session = begin(arena, true);
    ck_assert_int_eq(session_commit(session), DB_OK); /* nothing to do */
    session_end(&session);
    ck_assert_uint_eq(database_counts(rig_database).commits, 2);
    arena_destroy(&arena);
}

static void do_roll_back(void *argument)
{
    (void)argument;
    struct arena *arena = arena_new();
    struct session_row row = {.id = 1, .value = 10}, seen;
    bool found;
    struct session *session = begin(arena, true);
    session_queue(session, &ITEM_INSERT_statement, AS(session_row, &row));
    ck_assert_int_eq(session_wait(session), DB_OK);
    session_end(&session); /* without commit */

    session = begin(arena, true); /* never sent at all */
    session_queue(session, &ITEM_INSERT_statement, AS(session_row, &row));
    session_end(&session);

    session = begin(arena, true); /* on the same, only connection */
    session_queue_row(session, &ITEM_GET_statement, AS(session_row, &row), AS(session_row, &seen),
                      &found);
    ck_assert_int_eq(session_wait(session), DB_OK);
    ck_assert(!found);
    session_end(&session);
    ck_assert_str_eq(outside("SELECT count(*) FROM item"), "0");
    arena_destroy(&arena);
}

/* --- Faults --- */

static enum db_fault_kind write_one(struct arena *arena, struct statement *statement, int64_t id,
                                    int64_t value, bool in_two, struct db_fault *fault)
{
    struct session_row row = {.id = id, .value = value};
    struct session *session = begin(arena, true);
    session_queue(session, statement, AS(session_row, &row));
    if (in_two)
        session_wait(session);
    enum db_fault_kind kind = session_commit(session);
    *fault = *session_fault(session);
    session_end(&session);
    return kind;
}

static void do_constraints(void *argument)
{
    (void)argument;
    struct arena *arena = arena_new();
    struct db_fault fault;
    for (int in_two = 0; in_two < 2; in_two++) {
        ck_assert_int_eq(write_one(arena, &ITEM_INSERT_statement, in_two, 1, in_two, &fault),
                         DB_OK);
        ck_assert_int_eq(write_one(arena, &ITEM_INSERT_statement, in_two, 1, in_two, &fault),
                         DB_CONSTRAINT);
        ck_assert_str_eq(fault.sqlstate, "23505");
        ck_assert_str_eq(fault.constraint, "item_pkey");
        ck_assert_int_eq(write_one(arena, &ITEM_ADD_statement, in_two, 5000, in_two, &fault),
                         DB_CONSTRAINT);
        ck_assert_str_eq(fault.constraint, "item_value_small");
        /* Found out only when the transaction ends: at the Sync, or at COMMIT. */
        ck_assert_int_eq(write_one(arena, &ITEM_DANGLE_statement, in_two, 0, in_two, &fault),
                         DB_CONSTRAINT);
        ck_assert_str_eq(fault.constraint, "item_other");
    }
    ck_assert_str_eq(outside("SELECT count(*) FROM item WHERE other IS NULL AND value = 1"), "2");
    arena_destroy(&arena);
}

static void do_fault_is_kept(void *argument)
{
    (void)argument;
    struct arena *arena = arena_new();
    struct session_row row = {.id = 1, .value = 0}, seen;
    bool found;
    struct session *session = begin(arena, true);
    session_queue(session, &ITEM_INSERT_statement, AS(session_row, &row));
    session_queue_row(session, &DIVIDE_statement, AS(session_row, &row), AS(session_row, &seen),
                      &found);
    ck_assert_int_eq(session_wait(session), DB_BUG);
    ck_assert_str_eq(session_fault(session)->sqlstate, "22012");
    session_queue_row(session, &ITEM_GET_statement, AS(session_row, &row), AS(session_row, &seen),
                      &found);
    ck_assert_int_eq(session_wait(session), DB_BUG);
    ck_assert_int_eq(session_commit(session), DB_BUG);
    session_end(&session);
    ck_assert_str_eq(outside("SELECT count(*) FROM item"), "0");
    arena_destroy(&arena);
}

static void do_reader_may_not_write(void *argument)
{
    (void)argument;
    struct arena *arena = arena_new();
    struct session *session = begin(arena, false);
    session_queue(session, &SNEAK_statement, NOTHING);
    ck_assert_int_eq(session_wait(session), DB_BUG);
    session_end(&session);
    ck_assert_str_eq(outside("SELECT count(*) FROM item"), "0");
    arena_destroy(&arena);
}

/* --- Sharing --- */

struct share {
    int64_t divisor;
    enum db_fault_kind kind;
    int64_t answer, backend;
};

static void do_divide(void *argument)
{
    struct share *share = argument;
    struct arena *arena = arena_new();
    struct session *session = begin(arena, false);
    struct session_row row = {.value = share->divisor}, answer, backend;
    bool found, known;
    session_queue_row(session, &BACKEND_statement, NOTHING, AS(session_row, &backend), &known);
    session_queue_row(session, &DIVIDE_statement, AS(session_row, &row), AS(session_row, &answer),
                      &found);
    share->kind = session_wait(session);
    share->answer = found ? answer.value : -1;
    share->backend = known ? backend.value : -1;
    session_end(&session);
    arena_destroy(&arena);
}

/* Twelve batches in one Sync; the fourth and the ninth divide by zero. */
START_TEST(neighbours_survive_an_error)
{
    struct share shares[12];
    open_rig(1, 1);
    for (int round = 0; round < 3; round++) {
        for (int64_t i = 0; i < 12; i++) {
            shares[i] = (struct share){.divisor = i == 3 || i == 8 ? 0 : i + 1};
            rig_start(do_divide, &shares[i]);
        }
        rig_run();
        for (int64_t i = 0; i < 12; i++) {
            bool bad = i == 3 || i == 8;
            ck_assert_int_eq(shares[i].kind, bad ? DB_BUG : DB_OK);
            ck_assert_int_eq(shares[i].answer, bad ? -1 : 100 / (i + 1));
            ck_assert_int_eq(shares[i].backend, shares[0].backend);
        }
    }
    rig_close();
}
END_TEST

static void do_who(void *argument)
{
    const char *tenant = argument;
    struct arena *arena = arena_new();
    for (int i = 0; i < 20; i++) {
        struct session *session = begin_as(arena, i % 3 == 0, tenant);
        struct session_row setting, context;
        bool found;
        session_queue_row(session, &WHO_statement, NOTHING, AS(session_row, &setting), &found);
        session_queue_row(session, &CONTEXT_statement, NOTHING, AS(session_row, &context), &found);
        ck_assert_int_eq(session_wait(session), DB_OK);
        char expected[100];
        snprintf(expected, sizeof expected, "%s%suser-1 2023-11-14 22:13:20+00",
                 tenant ? tenant : "", tenant ? " " : "");
        ck_assert_str_eq(setting.text.data, tenant ? tenant : "");
        ck_assert_str_eq(context.text.data, expected);
        session_end(&session);
    }
    arena_destroy(&arena);
}

/* Tenants share one reader and one writer; each sees its own, and one without sees none. */
START_TEST(tenants_do_not_mix)
{
    static char names[10][16];
    open_rig(1, 1);
    for (int i = 0; i < 40; i++) {
        snprintf(names[i / 4], sizeof names[0], "tenant-%d", i / 4);
        rig_start(do_who, i % 4 == 3 ? NULL : names[i / 4]);
    }
    rig_run();
    rig_close();
}
END_TEST

static void do_count_up(void *argument)
{
    (void)argument;
    struct arena *arena = arena_new();
    for (int i = 0; i < 5; i++) {
        struct session_row row = {.id = 1, .value = 1}, seen;
        bool found;
        struct session *reading = begin(arena, false);
        session_queue_row(reading, &ITEM_GET_statement, AS(session_row, &row),
                          AS(session_row, &seen), &found);
        ck_assert_int_eq(session_wait(reading), DB_OK);
        ck_assert(found && seen.value <= 900);
        session_end(&reading);
        struct session *writing = begin(arena, true);
        session_queue_row(writing, &ITEM_LOCK_statement, AS(session_row, &row),
                          AS(session_row, &seen), &found);
        ck_assert_int_eq(session_wait(writing), DB_OK);
        session_queue(writing, &ITEM_ADD_statement, AS(session_row, &row));
        if (i % 5 != 4) /* the others are rolled back */
            ck_assert_int_eq(session_commit(writing), DB_OK);
        session_end(&writing);
        arena_reset(arena);
    }
    arena_destroy(&arena);
}

START_TEST(many_fibers_share_few_connections)
{
    open_rig(3, 6);
    outside("INSERT INTO item VALUES (1, 'tenant-1', 0)");
    for (int i = 0; i < 200; i++)
        rig_start(do_count_up, NULL);
    rig_run();
    ck_assert_str_eq(outside("SELECT value FROM item"), "800");
    struct database_counts counts = database_counts(rig_database);
    ck_assert_uint_le(counts.readers_open, 3);
    ck_assert_uint_le(counts.writers_open, 6);
    ck_assert_uint_gt(counts.writers_open, 1);
    ck_assert_uint_eq(counts.commits, 800);
    ck_assert_uint_eq(counts.writers_busy + counts.writers_waiting, 0);
    rig_close();
}
END_TEST

START_TEST(idle_processes_hold_two_connections)
{
    open_rig(3, 24);
    ck_assert_str_eq(
        outside("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'test'"), "2");
    rig_close();
}
END_TEST

/* --- Several tenants --- */

struct asking {
    const char *tenant;
    struct statement *statement;
    bool writes;
    int64_t value, deadline_ms;
    enum db_fault_kind kind;
    size_t rank; /* 1: the first that ended */
};
static size_t ended;

static void do_ask(void *argument)
{
    struct asking *asking = argument;
    struct arena *arena = arena_new();
    struct session_context context = {str_of(asking->tenant), STR("user-1"), {1700000000000000}};
    struct session *session =
        session_begin(rig_database, arena, asking->writes, &context, soon(asking->deadline_ms));
    struct session_row row = {.value = asking->value}, answer;
    bool found;

    session_queue_row(session, asking->statement, AS(session_row, &row), AS(session_row, &answer),
                      &found);
    asking->kind = session_commit(session);
    asking->rank = ++ended;
    session_end(&session);
    arena_destroy(&arena);
}

static void ask_as(struct asking *asking, const char *tenant, struct statement *statement,
                   bool writes)
{
    *asking = (struct asking){tenant, statement, writes, 100, 10000, DB_BUG, 0};
    rig_start(do_ask, asking);
}

static void open_long_rig(size_t long_readers)
{
    rig_open(schema);
    rig_database =
        database_new(rig_loop, &(struct database_config){.url = rig_url,
                                                         .process = "test",
                                                         .readers = 1,
                                                         .writers = 1,
                                                         .long_readers = long_readers,
                                                         .request_timeout_ms = 3000,
                                                         .statements = {statements, NULL}});
    rig_until_ready();
}

/* Ten writes of one tenant wait for the only connection: another tenant's is not the last. */
START_TEST(writers_are_shared_by_tenants)
{
    struct asking many[10], other;

    open_rig(1, 1);
    for (size_t i = 0; i < 10; i++)
        ask_as(&many[i], "tenant-1", &SLEEP_statement, true);
    rig_turn(50);
    ask_as(&other, "tenant-2", &SLEEP_statement, true);
    rig_run();
    ck_assert_uint_le(other.rank, 3);
    ck_assert_int_eq(many[9].kind, DB_OK);
    rig_close();
}
END_TEST

START_TEST(readers_are_shared_by_tenants)
{
    struct asking many[12], other;

    open_rig(1, 1);
    for (size_t i = 0; i < 12; i++) {
        ask_as(&many[i], "tenant-1", &SLEEP_statement, false);
        rig_turn(5);
    }
    ask_as(&other, "tenant-2", &SLEEP_statement, false);
    rig_run();
    ck_assert_uint_le(other.rank, 8); /* behind the groups that were on their way */
    rig_close();
}
END_TEST

START_TEST(long_reads_delay_no_others)
{
    struct asking search[4], other;

    open_long_rig(1);
    for (size_t i = 0; i < 4; i++)
        ask_as(&search[i], "tenant-1", &SEARCH_statement, false);
    rig_turn(50);
    ask_as(&other, "tenant-1", &ITEM_GET_statement, false);
    rig_run();
    ck_assert_uint_eq(other.rank, 1);
    ck_assert_int_eq(search[3].kind, DB_OK);
    rig_close();
}
END_TEST

/* Of three connections one tenant takes two, so the third is there for who comes. */
START_TEST(one_of_several_long_readers_is_kept)
{
    struct asking search[8], other;
    size_t first = 0;
    long most = 0;

    open_long_rig(3);
    for (size_t i = 0; i < 8; i++)
        ask_as(&search[i], "tenant-1", &SEARCH_statement, false);
    for (int i = 0; i < 10; i++) { /* some are being opened, or between two statements */
        rig_turn(25);
        long active = strtol(outside("SELECT count(*) FROM pg_stat_activity WHERE state = 'active'"
                                     " AND application_name = 'test'"),
                             NULL, 10);
        most = active > most ? active : most;
    }
    ck_assert_int_eq(most, 2);
    first = ended;
    ask_as(&other, "tenant-2", &SEARCH_statement, false);
    rig_run();
    ck_assert_uint_le(other.rank - first, 5);
    rig_close();
}
END_TEST

/* Nothing else needs a connection meanwhile that could show that the server takes some again. */
START_TEST(refused_connections_are_tried_again)
{
    struct asking search = {.kind = DB_BUG};

    open_long_rig(1);
    outside("UPDATE pg_database SET datallowconn = false WHERE datname = current_database()");
    ask_as(&search, "tenant-1", &SEARCH_statement, false);
    rig_run();
    ck_assert_int_eq(search.kind, DB_UNAVAILABLE);
    outside("UPDATE pg_database SET datallowconn = true WHERE datname = current_database()");
    for (int i = 0; i < 200 && search.kind != DB_OK; i++) {
        rig_turn(50);
        ask_as(&search, "tenant-1", &SEARCH_statement, false);
        rig_run();
    }
    ck_assert_int_eq(search.kind, DB_OK);
    rig_close();
}
END_TEST

/* The server ends what nobody waits for any more. */
START_TEST(statements_end_with_their_deadline)
{
    struct asking search = {"tenant-1", &SEARCH_statement, false, 2500, 200, DB_OK, 0};
    struct asking write = {"tenant-1", &SLEEP_statement, true, 2500, 200, DB_OK, 0};

    open_long_rig(1);
    rig_start(do_ask, &search);
    rig_start(do_ask, &write);
    rig_run();
    ck_assert_int_eq(search.kind, DB_TIMEOUT);
    ck_assert_int_eq(write.kind, DB_TIMEOUT);
    rig_turn(300);
    ck_assert_str_eq(outside("SELECT count(*) FROM pg_stat_activity WHERE state = 'active'"
                             " AND application_name = 'test'"),
                     "0");
    rig_close();
}
END_TEST

#define FIBER_TEST(name, body) \
    START_TEST(name)           \
    {                          \
        open_rig(1, 1);        \
        rig_fiber(body, NULL); \
        rig_close();           \
    }                          \
    END_TEST

FIBER_TEST(commits, do_commit)
FIBER_TEST(rolls_back, do_roll_back)
FIBER_TEST(names_constraints, do_constraints)
FIBER_TEST(keeps_the_first_fault, do_fault_is_kept)
FIBER_TEST(readers_may_not_write, do_reader_may_not_write)

POSTGRES_SUITE_MAIN("db session", commits, rolls_back, names_constraints, keeps_the_first_fault,
                    readers_may_not_write, neighbours_survive_an_error, tenants_do_not_mix,
                    many_fibers_share_few_connections, idle_processes_hold_two_connections,
                    writers_are_shared_by_tenants, readers_are_shared_by_tenants,
                    long_reads_delay_no_others, one_of_several_long_readers_is_kept,
                    refused_connections_are_tried_again, statements_end_with_their_deadline)
