/* The real PgBouncer between: in session mode everything works, in its other modes what would use
 * it refuses to. */
#include <pwd.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "db_rig.h"
#include "migrate.h"
#include "pooler.h"
#include "role.h"

struct pooler_row {
    struct str plans, read_only;
};
static const struct field pooler_row_fields[] = {
    FIELD(pooler_row, plans, "plans", .flags = 0),
    FIELD(pooler_row, read_only, "read_only", .flags = 0)};
static const struct model pooler_row_model = MODEL("Row", pooler_row, pooler_row_fields);

STATEMENT_PLAIN(SETTINGS, "SELECT current_setting('plan_cache_mode') AS plans,"
                          " current_setting('default_transaction_read_only') AS read_only");
static struct statement *const statements[] = {&SETTINGS_statement, NULL};

/* --- PgBouncer --- */

static struct {
    char folder[40];
    const char *url; /* of the database through it */
    pid_t process;
} pooler;

static void write_file(const char *name, const char *text)
{
    char path[80];
    snprintf(path, sizeof path, "%s/%s", pooler.folder, name);
    FILE *file = fopen(path, "w");
    ck_assert_ptr_nonnull(file);
    fputs(text, file);
    ck_assert_int_eq(fclose(file), 0);
}

/* It refuses to run as root, too. */
static void run_pgbouncer(void)
{
    char path[80];
    snprintf(path, sizeof path, "%s/pgbouncer.ini", pooler.folder);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    execl("/usr/sbin/pgbouncer", "pgbouncer", "-q", path, geteuid() == 0 ? "--user=postgres" : NULL,
          NULL);
    _exit(127);
}

/* Starts it for rig_url in this mode. */
static void pool_by(const char *mode)
{
    static char url[400];
    char text[1000];
    const char *server = strstr(rig_url, "host=") + 5;
    const char *database = strstr(rig_url, "@/") + 2;

    strcpy(pooler.folder, "/tmp/traction-pooler-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(pooler.folder));
    struct passwd *user = geteuid() == 0 ? getpwnam("postgres") : NULL;
    ck_assert(!user || chown(pooler.folder, user->pw_uid, user->pw_gid) == 0);
    write_file("users", "\"postgres\" \"\"\n\"svc_things\" \"\"\n");
    snprintf(text, sizeof text,
             "[databases]\n* = host=%s\n[pgbouncer]\npool_mode = %s\nunix_socket_dir = %s\n"
             "listen_port = 6432\nauth_type = trust\nauth_file = %s/users\nlogfile = %s/log\n",
             server, mode, pooler.folder, pooler.folder, pooler.folder);
    write_file("pgbouncer.ini", text);
    snprintf(url, sizeof url, "postgresql://postgres@/%.*s?host=%s&port=6432",
             (int)strcspn(database, "?"), database, pooler.folder);
    pooler.url = url;
    pooler.process = fork();
    if (pooler.process == 0)
        run_pgbouncer();
    for (int i = 0; PQping(url) != PQPING_OK; i++) {
        ck_assert_msg(i < 300 && waitpid(pooler.process, NULL, WNOHANG) == 0,
                      "PgBouncer does not start (Debian's package pgbouncer)");
        nanosleep(&(struct timespec){.tv_nsec = 20000000}, NULL);
    }
}

static void end_pooler(void)
{
    static const char *const names[] = {"users", "log", "pgbouncer.ini"};
    char path[80];
    kill(pooler.process, SIGKILL);
    waitpid(pooler.process, NULL, 0);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        snprintf(path, sizeof path, "%s/%s", pooler.folder, names[i]);
        unlink(path);
    }
    snprintf(path, sizeof path, "%s/.s.PGSQL.6432", pooler.folder);
    unlink(path);
    ck_assert_int_eq(rmdir(pooler.folder), 0);
}

static enum pooler_state check(const char *url, const char **reason)
{
    PGconn *pg = PQconnectdb(url);
    ck_assert_msg(PQstatus(pg) == CONNECTION_OK, "%s", PQerrorMessage(pg));
    enum pooler_state state = pooler_check(url, pg, reason);
    PQfinish(pg);
    return state;
}

static const struct migration migrations[] = {{"0001_none", "SELECT 1"}, {NULL, NULL}};

/* --- The tests --- */

START_TEST(without_a_pooler_nothing_is_said)
{
    const char *reason = NULL;
    rig_open("SELECT 1");
    ck_assert_int_eq(check(rig_url, &reason), POOLER_HARMLESS);
    ck_assert_ptr_null(reason);
}
END_TEST

static void assert_refused(const char *mode)
{
    const char *reason = NULL;
    rig_open("SELECT 1");
    ck_assert(migrate(rig_url, "things", migrations));
    pool_by(mode);
    ck_assert_int_eq(check(pooler.url, &reason), POOLER_UNSUITABLE);
    ck_assert_ptr_nonnull(strstr(reason, "pool_mode = session"));
    reason = NULL;
    ck_assert_int_eq(role_check(postgres_url_as(pooler.url, "svc_things"), "things", &reason),
                     ROLE_POOLED);
    ck_assert_ptr_nonnull(strstr(reason, "pool_mode = session"));
    ck_assert(!migrate(pooler.url, "others", migrations));
    ck_assert_str_eq(outside("SELECT count(*) FROM pg_namespace WHERE nspname = 'others'"), "0");
    ck_assert_str_eq(outside("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND "
                             "database = (SELECT oid FROM pg_database WHERE datname = "
                             "current_database())"),
                     "0");
    end_pooler();
}

START_TEST(pooling_by_transaction_is_refused)
{
    assert_refused("transaction");
}
END_TEST

START_TEST(pooling_by_statement_is_refused)
{
    assert_refused("statement");
}
END_TEST

static void assert_settings(void *argument)
{
    struct arena *arena = arena_new();
    (void)argument;
    for (int writes = 0; writes < 2; writes++) {
        struct session *session = begin(arena, writes);
        struct pooler_row seen;
        bool found;
        session_queue_row(session, &SETTINGS_statement, NOTHING, AS(pooler_row, &seen), &found);
        ck_assert_int_eq(session_commit(session), DB_OK);
        ck_assert(found);
        ck_assert(str_equal(seen.plans, STR("force_generic_plan")));
        ck_assert(str_equal(seen.read_only, writes ? STR("off") : STR("on")));
        session_end(&session);
    }
    arena_destroy(&arena);
}

START_TEST(pooling_by_session_works)
{
    const char *reason = NULL;
    rig_open("SELECT 1");
    pool_by("session");
    ck_assert_int_eq(check(pooler.url, &reason), POOLER_HARMLESS);
    ck_assert(migrate(pooler.url, "things", migrations));
    ck_assert_int_eq(role_check(postgres_url_as(pooler.url, "svc_things"), "things", &reason),
                     ROLE_BOUND);
    rig_database_open(pooler.url, statements, 2, 2);
    rig_fiber(assert_settings, NULL);
    rig_close();
    end_pooler();
}
END_TEST

POSTGRES_SUITE_MAIN("pooler", without_a_pooler_nothing_is_said, pooling_by_transaction_is_refused,
                    pooling_by_statement_is_refused, pooling_by_session_works)
