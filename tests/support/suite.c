/* Runs the tests of one program. */
#include "suite.h"

#include <stdlib.h>
#include <sys/wait.h>

int suite_finish(Suite *suite)
{
    SRunner *runner = srunner_create(suite);

    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

int suite_run(const char *name, SFun set_up, SFun tear_down, const TTest *const *tests,
              size_t count)
{
    Suite *suite = suite_create(name);
    TCase *list = tcase_create(name);

    tcase_set_timeout(list, 60); /* generous: sanitizers on a busy machine */
    tcase_add_checked_fixture(list, set_up, tear_down);
    for (size_t i = 0; i < count; i++)
        tcase_add_test(list, tests[i]);
    suite_add_tcase(suite, list);
    return suite_finish(suite);
}

bool suite_died_of(int status, int signal)
{
#ifdef __SANITIZE_THREAD__
    return WIFEXITED(status) && WEXITSTATUS(status) == 128 + signal;
#else
    return WIFSIGNALED(status) && WTERMSIG(status) == signal;
#endif
}
