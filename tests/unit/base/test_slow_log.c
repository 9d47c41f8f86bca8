/* Which slow requests have a line. */
#include <stdlib.h>

#include "config.h"
#include "slow_log.h"
#include "suite.h"

static struct slow_log slow_from(const char *ms)
{
    setenv("TRACTION_SLOW_REQUEST_MS", ms, 1);
    ck_assert(config_load());
    return slow_log_new();
}

START_TEST(takes_what_is_slow)
{
    struct slow_log slow = slow_from("20");
    int64_t unsaid = 7;

    ck_assert(!slow_log_takes(&slow, 19999, 5000000, &unsaid));
    ck_assert(slow_log_takes(&slow, 20000, 5000000, &unsaid));
    ck_assert_int_eq(unsaid, 0);
}
END_TEST

START_TEST(takes_nothing_when_it_is_off)
{
    struct slow_log slow = slow_from("0");
    int64_t unsaid;

    ck_assert(!slow_log_takes(&slow, INT64_MAX / 2, 5000000, &unsaid));
}
END_TEST

START_TEST(a_storm_has_few_lines_and_is_counted)
{
    struct slow_log slow = slow_from("20");
    int64_t unsaid = 0, lines = 0, said = 0;

    for (int64_t i = 0; i < 3000; i++) { /* in three seconds */
        if (slow_log_takes(&slow, 20000, 5000000 + i * 1000, &unsaid)) {
            lines++;
            said += unsaid;
        }
    }
    ck_assert_int_eq(lines, 3 * SLOW_LOG_LINES);
    ck_assert_int_eq(said, 2 * (1000 - SLOW_LOG_LINES));
    ck_assert(slow_log_takes(&slow, 20000, 9000000, &unsaid));
    ck_assert_int_eq(said + unsaid, 3 * (1000 - SLOW_LOG_LINES));
}
END_TEST

SUITE_MAIN("slow_log", takes_what_is_slow, takes_nothing_when_it_is_off,
           a_storm_has_few_lines_and_is_counted)
