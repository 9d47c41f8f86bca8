/* Allocation answers memory or ends the process. */
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "memory.h"
#include "suite.h"

START_TEST(answers_memory)
{
    char *text = xstrdup("text"), *part = xstrndup("text", 2);
    char *zeros = xcalloc(3, 2), *none = xmalloc(0), *none_either = xcalloc(0, 8);

    ck_assert_str_eq(text, "text");
    ck_assert_str_eq(part, "te");
    ck_assert_mem_eq(zeros, "\0\0\0\0\0\0", 6);
    ck_assert(none && none_either);
    text = xrealloc(text, 100);
    ck_assert_str_eq(text, "text");
    text = xrealloc(text, 0);
    ck_assert_ptr_nonnull(text);
    free(text);
    free(part);
    free(zeros);
    free(none);
    free(none_either);
}
END_TEST

/* AddressSanitizer ends the process by itself unless it is told not to. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
    return "allocator_may_return_null=1";
}

/* Sizes that nobody has. */
START_TEST(ends_without)
{
    static size_t much = SIZE_MAX / 4;

    free(_i == 0 ? xmalloc(much) : _i == 1 ? xcalloc(much, 8) : xrealloc(NULL, much));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("memory");
    TCase *tests = tcase_create("memory");

    tcase_add_test(tests, answers_memory);
    tcase_add_loop_test_raise_signal(tests, ends_without, SIGABRT, 0, 3);
    suite_add_tcase(suite, tests);
    return suite_finish(suite);
}
