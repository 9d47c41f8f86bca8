/* A connection string of several servers: one that does not answer is passed over, one that falls
 * silent is left, and what is right is found at once the next time. */
#include <errno.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "db_rig.h"
#include "servers.h"

struct servers_row {
    int64_t value;
};
static const struct field servers_row_fields[] = {FIELD(servers_row, value, "value", .flags = 0)};
static const struct model servers_row_model = MODEL("Row", servers_row, servers_row_fields);

STATEMENT_PLAIN(ONE, "SELECT 1::bigint AS value");
static struct statement *const statements[] = {&ONE_statement, NULL};

static void assert_works(void *argument)
{
    struct arena *arena = arena_new();
    (void)argument;
    for (int writes = 0; writes < 2; writes++) {
        struct session *session = begin(arena, writes);
        struct servers_row seen;
        bool found;
        session_queue_row(session, &ONE_statement, NOTHING, AS(servers_row, &seen), &found);
        ck_assert_int_eq(session_commit(session), DB_OK);
        ck_assert(found && seen.value == 1);
        session_end(&session);
    }
    arena_destroy(&arena);
}

/* --- The order --- */

static struct servers *servers_of(const char *text)
{
    PQconninfoOption *parts = PQconninfoParse(text, NULL);
    ck_assert_ptr_nonnull(parts);
    struct servers *servers = servers_new(parts);
    PQconninfoFree(parts);
    return servers;
}

static void assert_order(struct servers *servers, const char *host, const char *port)
{
    struct server_order order = servers_order(servers);
    ck_assert_pstr_eq(order.host, host);
    ck_assert_pstr_eq(order.port, port);
    ck_assert_ptr_null(order.hostaddr);
}

/* A connection that is at the last server of its string: none of them is there. */
static PGconn *at_the_end(const char *text)
{
    PGconn *pg = PQconnectdb(text);
    ck_assert_int_eq(PQstatus(pg), CONNECTION_BAD);
    return pg;
}

START_TEST(the_order_turns)
{
    struct servers *servers = servers_of("host=/no/a,/no/b,/no/c port=1,2,3");
    PGconn *at_b = at_the_end("host=/no/b port=2"), *at_c = at_the_end("host=/no/c port=3"),
           *at_other = at_the_end("host=/no/b port=3");

    ck_assert(servers_several(servers));
    assert_order(servers, "/no/a,/no/b,/no/c", "1,2,3");
    servers_begin_with(servers, at_b);
    assert_order(servers, "/no/b,/no/c,/no/a", "2,3,1");
    servers_begin_behind(servers, at_b);
    assert_order(servers, "/no/c,/no/a,/no/b", "3,1,2");
    servers_begin_with(servers, at_other); /* none of them */
    assert_order(servers, "/no/c,/no/a,/no/b", "3,1,2");
    servers_begin_behind(servers, at_c);
    assert_order(servers, "/no/a,/no/b,/no/c", "1,2,3");
    servers_destroy(&servers);

    servers = servers_of("host=/no/a,/no/b port=2"); /* one port for both */
    servers_begin_with(servers, at_b);
    assert_order(servers, "/no/b,/no/a", "2");
    servers_destroy(&servers);

    servers = servers_of("dbname=x");
    ck_assert(!servers_several(servers));
    assert_order(servers, NULL, NULL);
    servers_destroy(&servers);
    PQfinish(at_b);
    PQfinish(at_c);
    PQfinish(at_other);
}
END_TEST

/* --- Servers --- */

/* Takes connections and says nothing, as a machine does whose processes are all stopped. */
static int mute_server(char folder[], const char *port)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int listener = socket(AF_UNIX, SOCK_STREAM, 0);

    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(address.sun_path, sizeof address.sun_path, "%s/.s.PGSQL.%s", folder, port);
    ck_assert_int_eq(bind(listener, (struct sockaddr *)&address, sizeof address), 0);
    ck_assert_int_eq(listen(listener, 16), 0);
    return listener;
}

static void remove_mute_server(int listener, const char *folder, const char *port)
{
    char path[200];

    close(listener);
    snprintf(path, sizeof path, "%s/.s.PGSQL.%s", folder, port);
    unlink(path);
    rmdir(folder);
}

/* The URL of the tests' server with two mute ones before it. */
static const char *url_behind(const char *first, const char *second)
{
    static char url[800];
    const char *host = strstr(rig_url, "host=");

    ck_assert_ptr_nonnull(host);
    snprintf(url, sizeof url, "%.*shost=%s,%s,%s&target_session_attrs=read-write",
             (int)(host - rig_url), rig_url, first, second, host + strlen("host="));
    return url;
}

START_TEST(mute_servers_are_passed_over)
{
    char first[] = "/tmp/traction-mute-XXXXXX", second[] = "/tmp/traction-mute-XXXXXX";
    rig_open("SELECT 1");
    char port[8];
    snprintf(port, sizeof port, "%s", PQport(rig_outside));
    int listeners[] = {mute_server(first, port), mute_server(second, port)};

    rig_database =
        database_new(rig_loop, &(struct database_config){.url = url_behind(first, second),
                                                         .process = "test",
                                                         .readers = 2,
                                                         .writers = 2,
                                                         .statements = {statements, NULL}});
    for (int i = 0; i < 100 && !database_ready(rig_database); i++)
        rig_turn(100);
    ck_assert_msg(database_ready(rig_database), "%s", database_state(rig_database));
    rig_fiber(assert_works, NULL);
    int64_t began_us = monotonic_us();
    outside("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
            " WHERE application_name = 'test'");
    rig_turn(50);
    rig_fiber(assert_works, NULL); /* not one after the other again */
    ck_assert_int_lt(monotonic_us() - began_us, 1500000);
    rig_close();
    remove_mute_server(listeners[0], first, port);
    remove_mute_server(listeners[1], second, port);
}
END_TEST

START_TEST(read_only_connections_find_a_writable_server)
{
    char url[400];
    rig_open("SELECT 1");
    snprintf(url, sizeof url, "%s%starget_session_attrs=read-write", rig_url,
             strchr(rig_url, '?') ? "&" : "?");
    rig_database_open(url, statements, 1, 1);
    rig_fiber(assert_works, NULL);
    rig_close();
}
END_TEST

/* All of the server's processes for us are stopped while nobody asks anything: whatever they would
 * say later must not be heard. */
START_TEST(a_silent_server_is_left)
{
    char pids[256], *next = pids;
    rig_open("SELECT 1");
    rig_database_open(rig_url, statements, 1, 1);
    rig_fiber(assert_works, NULL);
    snprintf(pids, sizeof pids, "%s",
             outside("SELECT string_agg(pid::text, ' ') FROM pg_stat_activity"
                     " WHERE application_name = 'test'"));
    pid_t stopped[2];
    for (int i = 0; i < 2; i++) {
        stopped[i] = (pid_t)strtol(next, &next, 10);
        ck_assert_int_gt(stopped[i], 0);
        ck_assert_int_eq(kill(stopped[i], SIGSTOP), 0);
    }
    rig_turn(3000);
    ck_assert_uint_eq(database_counts(rig_database).reconnects, 0); /* it may only be slow */
    rig_turn(3500);
    ck_assert_uint_eq(database_counts(rig_database).reconnects, 2);
    rig_fiber(assert_works, NULL);
    for (int i = 0; i < 2; i++)
        ck_assert(kill(stopped[i], SIGCONT) == 0 || errno == ESRCH);
    rig_close();
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("db servers");
    TCase *tests = tcase_create("db servers");
    postgres_start();
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, the_order_turns);
    tcase_add_test(tests, read_only_connections_find_a_writable_server);
    if (postgres_pid() != 0) { /* another server's processes are not ours, nor is its address */
        tcase_add_test(tests, mute_servers_are_passed_over);
        tcase_add_test(tests, a_silent_server_is_left);
    }
    suite_add_tcase(suite, tests);
    int result = suite_finish(suite);
    postgres_stop();
    return result;
}
