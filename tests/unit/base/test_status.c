/* Outcomes: each has a code, an HTTP status and a sentence, and is found again by its code. */
#include "status.h"

#include <string.h>

#include "suite.h"

START_TEST(every_code_is_found_again)
{
    for (int i = 0; i < STATUS_COUNT; i++) {
        enum status status = (enum status)i, found;
        ck_assert(status_from_code(str_of(status_code(status)), &found));
        ck_assert_int_eq(found, status);
    }
}
END_TEST

START_TEST(every_entry_is_complete)
{
    for (int i = 0; i < STATUS_COUNT; i++) {
        const char *sentence = status_sentence((enum status)i);
        int http = status_http((enum status)i);
        ck_assert_uint_gt(strlen(sentence), 0);
        ck_assert_int_ne(sentence[strlen(sentence) - 1], '.');
        ck_assert(http >= 200 && http < 600);
        ck_assert_int_eq(status_is_success((enum status)i), http < 300);
    }
}
END_TEST

START_TEST(examples)
{
    enum status status;

    ck_assert_str_eq(status_code(STATUS_GOAL_NOT_FOUND), "GOAL_NOT_FOUND");
    ck_assert_int_eq(status_http(STATUS_GOAL_NOT_FOUND), 404);
    ck_assert(status_is_success(STATUS_CREATED));
    ck_assert(!status_is_success(STATUS_INTERNAL_ERROR));
    ck_assert(!status_from_code(STR("goal_not_found"), &status));
    ck_assert(!status_from_code(STR("GOAL_NOT_FOUND "), &status));
    ck_assert(!status_from_code(STR(""), &status));
    ck_assert(!status_from_code(STR_NONE, &status));
}
END_TEST

SUITE_MAIN("status", every_code_is_found_again, every_entry_is_complete, examples)
