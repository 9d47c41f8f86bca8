/* The main function of a unit test program:
 *
 *   START_TEST(adds)
 *   { ck_assert_int_eq(1 + 1, 2); }
 *   END_TEST
 *
 *   SUITE_MAIN("sums", adds, subtracts)
 *
 * Each test runs in a process of its own, unless CK_FORK=no is set. */
#ifndef TRACTION_SUITE_H
#define TRACTION_SUITE_H

#include <stdbool.h>
#include <stddef.h>

#include <check.h>

/* For programs that need more than a list, such as tests in a loop: runs the suite, and frees it.
 * Answers the exit status. */
int suite_finish(Suite *suite);
/* Whether waitpid's status is of a process that this signal has ended. ThreadSanitizer turns a
 * crash into an exit status of its own. */
bool suite_died_of(int status, int signal);
/* The list alone, each test between set_up and tear_down (NULL: nothing to do). */
int suite_run(const char *name, SFun set_up, SFun tear_down, const TTest *const *tests,
              size_t count);

#define SUITE_MAIN(name, ...) SUITE_MAIN_WITH(name, NULL, NULL, __VA_ARGS__)
#define SUITE_MAIN_WITH(name, set_up, tear_down, ...)                                   \
    int main(void)                                                                      \
    {                                                                                   \
        const TTest *const tests[] = {__VA_ARGS__};                                     \
        return suite_run(name, set_up, tear_down, tests, sizeof tests / sizeof *tests); \
    }

#endif
