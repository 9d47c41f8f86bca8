/* Starts and stops the tests' PostgreSQL by its own programs; needs no library of it. As root the
 * server runs as an unprivileged user, because it refuses anything else. */
#define _GNU_SOURCE /* setgroups, nftw */

#include "postgres.h"

#include <fcntl.h>
#include <ftw.h>
#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static struct {
    char folder[90];
    char url[1024];
    pid_t server, starter;
} cluster;

static void die(const char *what)
{
    fprintf(stderr, "tests need PostgreSQL: %s\n", what);
    exit(EXIT_FAILURE);
}

static const char *program(const char *name)
{
    static char path[300];
    const char *set = getenv("POSTGRES_BIN");
    snprintf(path, sizeof path, "%s/%s", set ? set : POSTGRES_BIN, name);
    if (access(path, X_OK) != 0)
        die(path);
    return path;
}

/* The user that the server runs as; NULL when this process is unprivileged itself. */
static const struct passwd *server_user(void)
{
    if (geteuid() != 0)
        return NULL;
    const struct passwd *user = getpwnam("postgres");
    user = user ? user : getpwnam("nobody");
    if (!user)
        die("no unprivileged user");
    return user;
}

/* Runs a program as the server's user, its output going to `log`. */
static pid_t run(const char *const *arguments, const char *log)
{
    const struct passwd *user = server_user();
    pid_t child = fork();
    if (child != 0)
        return child;
    int out = open(log, O_WRONLY | O_CREAT | O_APPEND, 0666);
    dup2(out, STDOUT_FILENO);
    dup2(out, STDERR_FILENO);
    if (user && (setgroups(0, NULL) || setgid(user->pw_gid) || setuid(user->pw_uid)))
        _exit(126);
    prctl(PR_SET_PDEATHSIG, SIGQUIT); /* after setuid, which clears it */
    if (chdir("/"))
        _exit(126);
    union {
        const char *const *in;
        char *const *out;
    } words = {arguments}; /* execv promises not to change them */
    execv(arguments[0], words.out);
    _exit(127);
}

static bool succeeds(const char *const *arguments, const char *log)
{
    pid_t child = run(arguments, log);
    int status = 0;
    return child > 0 && waitpid(child, &status, 0) == child && status == 0;
}

static bool query(const char *url, const char *sql)
{
    char log[100];
    snprintf(log, sizeof log, "%s", cluster.folder[0] ? cluster.folder : "/dev/null");
    if (cluster.folder[0])
        strcat(log, "/psql.log");
    char path[300];
    snprintf(path, sizeof path, "%s", program("psql"));
    const char *const arguments[] = {path, "-X", "-q", "-v", "ON_ERROR_STOP=1",
                                     "-d", url,  "-c", sql,  NULL};
    return succeeds(arguments, log);
}

static void start_server(void)
{
    char initdb[300], postgres[300], data[120], log[100];
    snprintf(initdb, sizeof initdb, "%s", program("initdb"));
    snprintf(postgres, sizeof postgres, "%s", program("postgres"));
    snprintf(data, sizeof data, "--pgdata=%s/data", cluster.folder);
    snprintf(log, sizeof log, "%s/log", cluster.folder);
    const char *const make[] = {initdb,
                                data,
                                "--no-sync",
                                "--username=postgres",
                                "--locale=C.UTF-8",
                                "--encoding=UTF8",
                                "--auth=trust",
                                NULL};
    if (!succeeds(make, log))
        die("initdb failed");
    const char *const serve[] = {postgres,
                                 "-D",
                                 data + strlen("--pgdata="),
                                 "-k",
                                 cluster.folder,
                                 "-c",
                                 "listen_addresses=",
                                 "-c",
                                 "fsync=off",
                                 "-c",
                                 "synchronous_commit=on",
                                 "-c",
                                 "max_connections=200",
                                 "-c",
                                 "shared_buffers=32MB",
                                 "-c",
                                 "deadlock_timeout=100ms",
                                 NULL};
    cluster.server = run(serve, log);
}

void postgres_start(void)
{
    const char *given = getenv("TRACTION_TEST_DATABASE_URL");
    if (cluster.url[0])
        return;
    if (given) {
        snprintf(cluster.url, sizeof cluster.url, "%s", given);
        return;
    }
    const char *temporary = getenv("TMPDIR");
    if (snprintf(cluster.folder, sizeof cluster.folder, "%s/traction-pg-XXXXXX",
                 temporary ? temporary : "/tmp") >= (int)sizeof cluster.folder)
        die("TMPDIR is too long for sockets");
    const struct passwd *user = server_user();
    if (!mkdtemp(cluster.folder) || chmod(cluster.folder, 0755) ||
        (user && chown(cluster.folder, user->pw_uid, user->pw_gid)))
        die("no temporary folder");
    cluster.starter = getpid();
    start_server();
    snprintf(cluster.url, sizeof cluster.url, "postgresql://postgres@/postgres?host=%s",
             cluster.folder);
    for (int i = 0; !query(cluster.url, "SELECT 1"); i++) {
        if (i == 300 || waitpid(cluster.server, NULL, WNOHANG) != 0)
            die("the server does not start");
        nanosleep(&(struct timespec){.tv_nsec = 50000000}, NULL);
    }
}

static int remove_one(const char *path, const struct stat *info, int type, struct FTW *place)
{
    (void)info;
    (void)type;
    (void)place;
    return remove(path);
}

void postgres_stop(void)
{
    if (cluster.server <= 0 || cluster.starter != getpid())
        return;
    kill(cluster.server, SIGQUIT);
    waitpid(cluster.server, NULL, 0);
    nftw(cluster.folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    cluster.server = 0;
    cluster.url[0] = '\0';
}

int postgres_pid(void)
{
    return (int)cluster.server;
}

/* A new text that lives as long as the process. */
static const char *keep(const char *before, size_t before_size, const char *middle,
                        const char *after)
{
    static char *kept[256];
    static size_t count;
    size_t size = before_size + strlen(middle) + strlen(after) + 1;
    char *text = malloc(size);
    if (!text || count == sizeof kept / sizeof *kept)
        die("no memory");
    snprintf(text, size, "%.*s%s%s", (int)before_size, before, middle, after);
    kept[count++] = text; /* still reachable when leaks are looked for */
    return text;
}

const char *postgres_new_database(void)
{
    static int count;
    char name[64], sql[128];
    snprintf(name, sizeof name, "test_%d_%d", (int)getpid(), ++count);
    snprintf(sql, sizeof sql, "CREATE DATABASE %s TEMPLATE template0", name);
    if (!query(cluster.url, sql))
        die("cannot create a database");
    const char *authority = strstr(cluster.url, "://");
    const char *path = authority ? strchr(authority + 3, '/') : NULL;
    if (!path)
        die("TRACTION_TEST_DATABASE_URL is to look like postgresql://user@host/name");
    const char *after = strchr(path, '?');
    return keep(cluster.url, (size_t)(path + 1 - cluster.url), name, after ? after : "");
}

const char *postgres_url_as(const char *url, const char *user)
{
    const char *authority = strstr(url, "://") + 3;
    size_t size = strcspn(authority, "/?");
    const char *at = memchr(authority, '@', size);
    const char *named = keep(user, strlen(user), "@", at ? at + 1 : authority);
    return keep(url, (size_t)(authority - url), named, "");
}
