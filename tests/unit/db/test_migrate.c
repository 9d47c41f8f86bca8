/* Migrations against a real PostgreSQL: applied once, in order, all or nothing; what the service's
 * role may and may not do afterwards, and that row level security holds for it. */
#include "capture.h"
#include "db_rig.h"
#include "migrate.h"
#include "role.h"

static const struct migration first[] = {
    {"runtime/0001_base", "CREATE TABLE people (id text PRIMARY KEY);"},
    {"0001_items",
     "CREATE TABLE item (tenant_id text NOT NULL, id bigserial, PRIMARY KEY (tenant_id, id));"
     "ALTER TABLE item ENABLE ROW LEVEL SECURITY; ALTER TABLE item FORCE ROW LEVEL SECURITY;"
     "CREATE POLICY item_tenant ON item"
     " USING (tenant_id = nullif(current_setting('app.tenant', true), ''))"
     " WITH CHECK (tenant_id = nullif(current_setting('app.tenant', true), ''));"},
    {NULL, NULL},
};
static const struct migration second[] = {
    {"runtime/0001_base", "CREATE TABLE people (id text PRIMARY KEY);"},
    {"runtime/0002_more", "CREATE EXTENSION IF NOT EXISTS pg_trgm SCHEMA public;"},
    {"0001_items", NULL}, /* as in `first` */
    {NULL, NULL},
};

static const char *service_url(void)
{
    return postgres_url_as(rig_url, "svc_goals");
}

static enum schema_state check(const struct migration *migrations)
{
    const char *reason = NULL;
    enum schema_state state = migrate_check(service_url(), "goals", migrations, &reason);
    ck_assert_ptr_nonnull(reason);
    return state;
}

START_TEST(applies_once_and_in_order)
{
    rig_open("SELECT 1");
    ck_assert(migrate(rig_url, "goals", first));
    ck_assert(migrate(rig_url, "goals", first));
    ck_assert_int_eq(check(first), SCHEMA_CURRENT);
    ck_assert_str_eq(outside("SELECT string_agg(name, ' ' ORDER BY applied_at)"
                             " FROM goals.schema_migrations"),
                     "runtime/0001_base 0001_items");
    ck_assert_str_eq(outside("SELECT checksum FROM goals.schema_migrations WHERE name LIKE 'r%'"),
                     outside("SELECT encode(sha256('CREATE TABLE people (id text PRIMARY KEY);'),"
                             " 'hex')"));

    struct migration later[4];
    memcpy(later, second, sizeof later);
    later[2].text = first[1].text;
    ck_assert_int_eq(check(later), SCHEMA_OLDER);
    ck_assert(migrate(rig_url, "goals", later)); /* one that comes before an applied one */
    ck_assert_int_eq(check(later), SCHEMA_CURRENT);
    ck_assert_int_eq(check(first), SCHEMA_NEWER);
    ck_assert(!migrate(rig_url, "goals", first));
    PQfinish(rig_outside);
}
END_TEST

/* As deploy/care/migrations-aside.sql does it. */
static void set_aside(const char *names)
{
    char sql[300];
    snprintf(sql, sizeof sql,
             "WITH newer AS (DELETE FROM goals.schema_migrations WHERE name IN (%s) RETURNING *)"
             " INSERT INTO goals.migrations_aside SELECT name, checksum FROM newer",
             names);
    outside(sql);
}

START_TEST(goes_back_and_forward)
{
    struct migration later[4];
    rig_open("SELECT 1");
    memcpy(later, second, sizeof later);
    later[1].text = "CREATE TABLE more (id text);"; /* cannot be done twice */
    later[2].text = first[1].text;
    ck_assert(migrate(rig_url, "goals", later));
    outside("INSERT INTO goals.more VALUES ('kept')");
    set_aside("'runtime/0002_more'");
    ck_assert_int_eq(check(first), SCHEMA_CURRENT);
    ck_assert(migrate(rig_url, "goals", first)); /* the older program's */
    ck_assert_int_eq(check(later), SCHEMA_OLDER);
    ck_assert(migrate(rig_url, "goals", later));
    ck_assert_int_eq(check(later), SCHEMA_CURRENT);
    ck_assert_str_eq(outside("SELECT id FROM goals.more"), "kept");
    ck_assert_str_eq(outside("SELECT count(*) FROM goals.migrations_aside"), "0");

    /* One that has become another meanwhile changes nothing. */
    set_aside("'runtime/0002_more'");
    later[1].text = "DROP TABLE more;";
    ck_assert(!migrate(rig_url, "goals", later));
    ck_assert_str_eq(outside("SELECT id FROM goals.more"), "kept");
    ck_assert_str_eq(outside("SELECT name FROM goals.migrations_aside"), "runtime/0002_more");
    ck_assert_int_eq(check(first), SCHEMA_CURRENT);
    PQfinish(rig_outside);
}
END_TEST

START_TEST(refuses_what_was_changed)
{
    rig_open("SELECT 1");
    ck_assert(migrate(rig_url, "goals", first));
    struct migration changed[3];
    memcpy(changed, first, sizeof changed);
    changed[0].text = "CREATE TABLE people (id text PRIMARY KEY); ";
    ck_assert_int_eq(check(changed), SCHEMA_CHANGED);
    ck_assert(!migrate(rig_url, "goals", changed));
    PQfinish(rig_outside);
}
END_TEST

START_TEST(applies_all_or_nothing)
{
    static const struct migration bad[] = {
        {"0001_good", "CREATE TABLE good ();"},
        {"0002_bad", "CREATE TABLE bad (); SELECT 1 / 0;"},
        {"0003_never", "CREATE TABLE never ();"},
        {NULL, NULL},
    };
    static const struct migration rude[] = {
        {"0001_good", "CREATE TABLE good ();"},
        {"0002_rude", "COMMIT;"},
        {NULL, NULL},
    };
    rig_open("SELECT 1");
    ck_assert(!migrate(rig_url, "goals", bad));
    ck_assert_str_eq(outside("SELECT string_agg(relname, ' ' ORDER BY relname) FROM pg_class"
                             " WHERE relnamespace = 'goals'::regnamespace AND relkind = 'r'"),
                     "good migrations_aside schema_migrations");
    ck_assert_int_eq(check(bad), SCHEMA_OLDER);
    ck_assert(!migrate(rig_url, "goals", rude));
    PQfinish(rig_outside);
}
END_TEST

/* Has `one` and then wants `two`, of which `other` has the second and wants the first. It comes to
 * that only once `other` waits; and it is always the migration that finds the deadlock. */
static const struct migration crossing[] = {
    {"0001_before", "CREATE TABLE before ();"},
    {"0002_crossing",
     "SET LOCAL lock_timeout = '10s'; LOCK TABLE public.one;"
     "CREATE FUNCTION held(name text) RETURNS boolean LANGUAGE sql AS $$ SELECT EXISTS"
     " (SELECT FROM pg_locks WHERE relation = name::regclass AND granted"
     "   AND pid <> pg_backend_pid()) $$;"
     "DO $$ BEGIN WHILE held('public.two') AND NOT EXISTS"
     " (SELECT FROM pg_locks WHERE relation = 'public.one'::regclass AND NOT granted)"
     " LOOP PERFORM pg_sleep(0.01); END LOOP; END $$;"
     "DROP FUNCTION held(text);"
     "LOCK TABLE public.two; CREATE TABLE crossed ();"},
    {NULL, NULL},
};
static const struct migration waiting[] = {
    {"0001_before", "CREATE TABLE before ();"},
    {"0002_waiting", "SET LOCAL lock_timeout = '100ms'; CREATE TABLE waited ();"
                     "LOCK TABLE public.two;"},
    {"0003_after", "CREATE TABLE after ();"},
    {NULL, NULL},
};

/* A session with a lock on `two`, which goes on with `sql` meanwhile. */
static PGconn *holder_of_two(const char *sql)
{
    rig_open("CREATE TABLE one (); CREATE TABLE two ()");
    PGconn *other = PQconnectdb(rig_url);
    ck_assert_int_eq(PQstatus(other), CONNECTION_OK);
    PQclear(PQexec(other, "SET deadlock_timeout = '100s'; BEGIN; LOCK TABLE two"));
    ck_assert_int_eq(PQtransactionStatus(other), PQTRANS_INTRANS);
    ck_assert(!sql || PQsendQuery(other, sql));
    return other;
}

static void ck_ended(PGconn *other)
{
    for (PGresult *result; (result = PQgetResult(other)); PQclear(result))
        ck_assert_int_eq(PQresultStatus(result), PGRES_COMMAND_OK);
    PQfinish(other);
}

static size_t count_of(const char *text, const char *word)
{
    size_t count = 0;
    for (; (text = strstr(text, word)); text += strlen(word))
        count++;
    return count;
}

START_TEST(tries_again_after_a_deadlock)
{
    PGconn *other = holder_of_two(
        "DO $$ BEGIN WHILE NOT EXISTS (SELECT FROM pg_locks WHERE relation = 'one'::regclass"
        " AND granted) LOOP PERFORM pg_sleep(0.01); END LOOP; LOCK TABLE one; END $$; COMMIT");
    capture_start();
    bool good = migrate(rig_url, "goals", crossing);
    char *said = capture_stop(NULL);
    ck_assert_msg(good, "%s", said);
    ck_assert_uint_eq(count_of(said, "trying again"), 1);
    ck_assert_ptr_nonnull(strstr(said, "0002_crossing"));
    ck_assert_ptr_nonnull(strstr(said, "deadlock detected"));
    free(said);
    ck_ended(other);
    ck_assert_int_eq(check(crossing), SCHEMA_CURRENT);
    ck_assert_str_eq(outside("SELECT to_regclass('goals.crossed')"), "goals.crossed");
    PQfinish(rig_outside);
}
END_TEST

START_TEST(tries_again_after_a_lock_timeout)
{
    PGconn *other =
        holder_of_two(/* lets go once somebody has waited in vain */
                      "DO $$ BEGIN WHILE NOT EXISTS (SELECT FROM pg_locks WHERE relation = "
                      "'two'::regclass"
                      " AND NOT granted) LOOP PERFORM pg_sleep(0.01); END LOOP;"
                      " WHILE EXISTS (SELECT FROM pg_locks WHERE relation = 'two'::regclass"
                      " AND NOT granted) LOOP PERFORM pg_sleep(0.01); END LOOP; END $$; COMMIT");
    capture_start();
    bool good = migrate(rig_url, "goals", waiting);
    char *said = capture_stop(NULL);
    ck_assert_msg(good, "%s", said);
    ck_assert_uint_ge(count_of(said, "trying again"), 1);
    ck_assert_ptr_nonnull(strstr(said, "lock timeout"));
    free(said);
    ck_ended(other);
    ck_assert_int_eq(check(waiting), SCHEMA_CURRENT);
    PQfinish(rig_outside);
}
END_TEST

/* Whoever reads meanwhile waits behind it: a page of goals gives its KPIs 200 ms. */
START_TEST(keeps_nobody_waiting_for_long)
{
    static const struct migration patient[] = {
        {"0001_patient",
         "CREATE TABLE patience AS SELECT current_setting('lock_timeout')::interval AS most"},
        {NULL, NULL}};
    rig_open("SELECT 1");
    ck_assert(migrate(rig_url, "goals", patient));
    ck_assert_str_eq(outside("SELECT most < '200 ms' FROM goals.patience"), "t");
    PQfinish(rig_outside);
}
END_TEST

START_TEST(gives_up_a_lock_that_is_never_free)
{
    PGconn *other = holder_of_two(NULL);
    capture_start();
    bool good = migrate(rig_url, "goals", waiting);
    char *said = capture_stop(NULL);
    ck_assert(!good);
    ck_assert_uint_eq(count_of(said, "trying again"), 7);
    ck_assert_msg(strstr(said, "migrate goals: 0002_waiting: ERROR:  canceling statement due to"
                               " lock timeout, 8 times; nothing of it was applied") != NULL,
                  "%s", said);
    free(said);
    ck_assert_str_eq(outside("SELECT string_agg(relname, ' ' ORDER BY relname) FROM pg_class"
                             " WHERE relnamespace = 'goals'::regnamespace AND relkind = 'r'"),
                     "before migrations_aside schema_migrations");
    PQclear(PQexec(other, "COMMIT"));
    ck_ended(other);
    ck_assert(migrate(rig_url, "goals", waiting)); /* and goes on where it was */
    PQfinish(rig_outside);
}
END_TEST

START_TEST(says_what_it_cannot_reach)
{
    const char *reason;
    rig_open("SELECT 1");
    ck_assert_int_eq(migrate_check("postgresql:///x?host=/nonexistent", "goals", first, &reason),
                     SCHEMA_UNREACHABLE);
    ck_assert_ptr_nonnull(strstr(reason, "the database cannot be reached: connection to server"));
    ck_assert_ptr_nonnull(strstr(reason, "No such file"));
    ck_assert_ptr_null(strchr(reason, '\n'));
    ck_assert(!migrate("postgresql:///x?host=/nonexistent", "goals", first));
    ck_assert_int_eq(migrate_check(rig_url, "goals", first, &reason),
                     SCHEMA_OLDER); /* nothing yet */
    outside("CREATE ROLE svc_mighty SUPERUSER");
    ck_assert(!migrate(rig_url, "mighty", first));
    outside("DROP ROLE svc_mighty");
    PQfinish(rig_outside);
}
END_TEST

static const char *refused_as(PGconn *service, const char *sql)
{
    static char sqlstate[8];
    PGresult *result = PQexec(service, sql);
    const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    snprintf(sqlstate, sizeof sqlstate, "%s", state ? state : "");
    PQclear(result);
    return sqlstate;
}

START_TEST(the_role_is_small)
{
    rig_open("SELECT 1");
    ck_assert(migrate(rig_url, "goals", first));
    ck_assert(migrate(rig_url, "kpis", first));
    PGconn *service = PQconnectdb(service_url());
    ck_assert_int_eq(PQstatus(service), CONNECTION_OK);
    ck_assert_str_eq(refused_as(service, "INSERT INTO people VALUES ('a')"),
                     ""); /* by search_path */
    ck_assert_str_eq(refused_as(service, "SELECT * FROM kpis.people"), "42501");
    ck_assert_str_eq(refused_as(service, "CREATE TABLE goals.x ()"), "42501");
    ck_assert_str_eq(refused_as(service, "CREATE TABLE public.x ()"), "42501");
    ck_assert_str_eq(refused_as(service, "DROP TABLE people"), "42501");
    ck_assert_str_eq(refused_as(service, "TRUNCATE people"), "42501");
    ck_assert_str_eq(refused_as(service, "DELETE FROM schema_migrations"), "42501");
    ck_assert_str_eq(refused_as(service, "SELECT FROM migrations_aside"), "42501");
    ck_assert_str_eq(refused_as(service, "ALTER TABLE item DISABLE ROW LEVEL SECURITY"), "42501");
    ck_assert_str_eq(refused_as(service, "SET row_security = off; SELECT * FROM item"), "42501");
    PQfinish(service);
    PQfinish(rig_outside);
}
END_TEST

struct item {
    int64_t id;
    struct str tenant_id;
    struct str as_tenant;
};
static const struct field item_fields[] = {
    FIELD(item, id, "id", .flags = 0),
    FIELD(item, tenant_id, "tenantId", .flags = 0),
    FIELD(item, as_tenant, "asTenant", .flags = 0),
};
static const struct model item_model = MODEL("Item", item, item_fields);

/* Handlers that forgot the tenant. */
STATEMENT(ITEM_INSERT, "INSERT INTO item (tenant_id) VALUES ($1)", "as_tenant");
STATEMENT_PLAIN(ITEM_ALL, "SELECT id, tenant_id FROM item");
STATEMENT_PLAIN(ITEM_CLEAR, "DELETE FROM item");
static struct statement *const statements[] = {&ITEM_INSERT_statement, &ITEM_ALL_statement,
                                               &ITEM_CLEAR_statement, NULL};

static enum db_fault_kind insert(struct arena *arena, const char *tenant, const char *as_tenant)
{
    struct session *session = begin_as(arena, true, tenant);
    struct item item = {.as_tenant = str_of(as_tenant)};
    session_queue(session, &ITEM_INSERT_statement, AS(item, &item));
    enum db_fault_kind kind = session_commit(session);
    session_end(&session);
    return kind;
}

static size_t count_all(struct arena *arena, const char *tenant)
{
    struct session *session = begin_as(arena, false, tenant);
    struct list list;
    session_queue_rows(session, &ITEM_ALL_statement, NOTHING, &item_model, &list);
    ck_assert_int_eq(session_wait(session), DB_OK);
    for (size_t i = 0; i < list.count; i++)
        ck_assert_str_eq(((struct item *)list.items)[i].tenant_id.data, tenant);
    session_end(&session);
    return list.count;
}

static void do_policies(void *argument)
{
    (void)argument;
    struct arena *arena = arena_new();
    ck_assert_int_eq(insert(arena, "one", "one"), DB_OK);
    ck_assert_int_eq(insert(arena, "two", "two"), DB_OK);
    ck_assert_int_eq(insert(arena, "two", "two"), DB_OK);
    ck_assert_int_eq(insert(arena, "one", "two"), DB_BUG); /* 42501: WITH CHECK */
    ck_assert_int_eq(insert(arena, NULL, "two"), DB_BUG);
    ck_assert_uint_eq(count_all(arena, "one"), 1);
    ck_assert_uint_eq(count_all(arena, "two"), 2);
    ck_assert_uint_eq(count_all(arena, NULL), 0);
    struct session *session = begin_as(arena, true, "one");
    int64_t affected;
    session_queue_count(session, &ITEM_CLEAR_statement, NOTHING, &affected);
    ck_assert_int_eq(session_commit(session), DB_OK);
    ck_assert_int_eq(affected, 1);
    session_end(&session);
    ck_assert_str_eq(outside("SELECT count(*) FROM goals.item"), "2");
    arena_destroy(&arena);
}

START_TEST(policies_hold_for_the_service)
{
    rig_open("SELECT 1");
    ck_assert(migrate(rig_url, "goals", first));
    rig_database_open(service_url(), statements, 1, 1);
    rig_fiber(do_policies, NULL);
    rig_close();
}
END_TEST

/* A managed server's owner: it may create roles and owns the database, and no more. */
START_TEST(an_owner_without_superuser_sees_all_rows)
{
    static const struct migration later[] = {
        {"runtime/0001_base", "CREATE TABLE people (id text PRIMARY KEY);"},
        {"0001_items", NULL}, /* as in `first` */
        {"0002_move", "UPDATE item SET tenant_id = 'moved'; CREATE TABLE more (tenant_id text);"
                      "ALTER TABLE more ENABLE ROW LEVEL SECURITY;"
                      "ALTER TABLE more FORCE ROW LEVEL SECURITY;"},
        {NULL, NULL},
    };
    struct migration migrations[4];
    memcpy(migrations, later, sizeof migrations);
    migrations[1].text = first[1].text;
    rig_open("SELECT 1");
    outside("DROP ROLE IF EXISTS svc_managed");
    outside("CREATE ROLE rig_owner LOGIN NOSUPERUSER CREATEROLE NOBYPASSRLS");
    outside("DO $$ BEGIN EXECUTE format('ALTER DATABASE %I OWNER TO rig_owner',"
            " current_database()); END $$");
    const char *owner = postgres_url_as(rig_url, "rig_owner");
    ck_assert(migrate(owner, "managed", first));
    outside("INSERT INTO managed.item VALUES ('one', 1), ('two', 2)");
    outside("ALTER TABLE managed.item FORCE ROW LEVEL SECURITY"); /* as older programs left it */
    ck_assert(migrate(owner, "managed", migrations));
    ck_assert_str_eq(outside("SELECT count(*) FROM managed.item WHERE tenant_id = 'moved'"), "2");
    PGconn *pg = PQconnectdb(owner);
    PQclear(PQexec(pg, "SET row_security = off"));
    ck_assert_str_eq(refused_as(pg, "DELETE FROM managed.item; SELECT FROM managed.more"), "");
    PQfinish(pg);
    ck_assert_str_eq(outside("SELECT count(*) FROM managed.item"), "0");
    /* The service stays bound, and a superuser's tables as they were. */
    pg = PQconnectdb(postgres_url_as(rig_url, "svc_managed"));
    PQclear(PQexec(pg, "SET row_security = off"));
    ck_assert_str_eq(refused_as(pg, "SELECT FROM managed.item"), "42501");
    PQfinish(pg);
    ck_assert(role_set_password(owner, "postgresql://svc_managed:secret@/x", "managed"));
    ck_assert(migrate(rig_url, "goals", first));
    ck_assert_str_eq(outside("SELECT relforcerowsecurity FROM pg_class"
                             " WHERE oid = 'goals.item'::regclass"),
                     "t");
    outside("DROP OWNED BY svc_managed");
    outside("DROP ROLE svc_managed");
    outside("REASSIGN OWNED BY rig_owner TO CURRENT_USER");
    outside("DROP OWNED BY rig_owner");
    outside("DROP ROLE rig_owner");
    PQfinish(rig_outside);
}
END_TEST

START_TEST(gives_the_role_its_password)
{
    rig_open("SELECT 1");
    ck_assert(migrate(rig_url, "goals", first));
    ck_assert(role_set_password(rig_url, service_url(), "goals")); /* has none */
    ck_assert(!role_set_password(rig_url, "postgresql://svc_kpis:p@/x", "goals"));
    ck_assert(!role_set_password(rig_url, "postgresql://:p@/x", "goals"));
    ck_assert(!role_set_password(rig_url, "postgresql://svc_goals:p@/%zz", "goals"));
    ck_assert(role_set_password(rig_url, "postgresql://svc_goals:it%27s%20%25@/x", "goals"));
    ck_assert_str_eq(outside("SELECT rolpassword LIKE 'SCRAM-SHA-256$%' FROM pg_authid"
                             " WHERE rolname = 'svc_goals'"),
                     "t");
    outside("ALTER ROLE svc_goals PASSWORD NULL");
    PQfinish(rig_outside);
}
END_TEST

POSTGRES_SUITE_MAIN("migrate", applies_once_and_in_order, goes_back_and_forward,
                    refuses_what_was_changed, applies_all_or_nothing, tries_again_after_a_deadlock,
                    tries_again_after_a_lock_timeout, keeps_nobody_waiting_for_long,
                    gives_up_a_lock_that_is_never_free, says_what_it_cannot_reach,
                    the_role_is_small, policies_hold_for_the_service,
                    an_owner_without_superuser_sees_all_rows, gives_the_role_its_password)
