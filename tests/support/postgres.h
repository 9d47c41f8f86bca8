/* A real PostgreSQL for tests: a private cluster in a temporary folder, unix socket only, no fsync.
 * With TRACTION_TEST_DATABASE_URL (of a superuser, "postgresql://user@host:port/name?parameters")
 * that server is used instead, so that a runner can start one for all tests.
 *
 *   POSTGRES_SUITE_MAIN("db", commits, rolls_back)
 *
 * Skips nothing silently: without PostgreSQL the program fails. */
#ifndef TRACTION_TEST_POSTGRES_H
#define TRACTION_TEST_POSTGRES_H

#include <stdlib.h>

#include "suite.h"

/* Starts the cluster unless there is one. Call it before anything forks. It dies with the process
 * that started it. */
void postgres_start(void);
void postgres_stop(void);

/* Creates an empty database of that process's own and answers its URL, as superuser. */
const char *postgres_new_database(void);
/* The same URL for another user. Lives as long as the process. */
const char *postgres_url_as(const char *url, const char *user);
/* The process id of the cluster's first process; 0 when it is not ours. */
int postgres_pid(void);

#define POSTGRES_SUITE_MAIN(name, ...)                                                 \
    int main(void)                                                                     \
    {                                                                                  \
        const TTest *const tests[] = {__VA_ARGS__};                                    \
        postgres_start();                                                              \
        int result = suite_run(name, NULL, NULL, tests, sizeof tests / sizeof *tests); \
        postgres_stop();                                                               \
        return result;                                                                 \
    }

#endif
