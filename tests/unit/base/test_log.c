/* The log: one line a call, its fields in order, and nothing that breaks the line. */
#include "log.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "capture.h"
#include "suite.h"
#include "timestamp.h"

/* The line behind time and pid, which are checked here. */
static const char *rest_of(const char *line, const char *level)
{
    char head[200];
    struct timestamp t;

    ck_assert_int_eq(strncmp(line, "{\"time\":\"", 9), 0);
    ck_assert(timestamp_parse((struct str){line + 9, TIMESTAMP_TEXT_SIZE}, &t));
    ck_assert_int_lt(llabs(t.us - timestamp_now().us), 60000000);
    snprintf(head, sizeof head, "\",\"level\":\"%s\",\"process\":\"svc-test\",\"pid\":%ld,", level,
             (long)getpid());
    const char *rest = line + 9 + TIMESTAMP_TEXT_SIZE;
    ck_assert_msg(strncmp(rest, head, strlen(head)) == 0, "%s", line);
    return rest + strlen(head);
}

START_TEST(writes_one_line)
{
    log_open("svc-test", LOG_INFO);
    capture_start();
    log_info("listening", LOG_CSTR("endpoint", "ipc:///x"), LOG_INT("port", -7),
             LOG_DOUBLE("ms", 0.25), LOG_TEXT("missing", STR_NONE));
    char *text = capture_stop(NULL);
    ck_assert_str_eq(rest_of(text, "info"), "\"message\":\"listening\",\"endpoint\":\"ipc:///x\","
                                            "\"port\":-7,\"ms\":0.25,\"missing\":null}\n");
    free(text);
}
END_TEST

START_TEST(leaves_out_what_is_less_severe)
{
    log_open("svc-test", log_level_of(STR("warning")));
    capture_start();
    log_debug("a", LOG_INT("n", 1));
    log_info("b", LOG_INT("n", 2));
    log_warning("c", LOG_INT("n", 3));
    char *text = capture_stop(NULL);
    ck_assert_str_eq(rest_of(text, "warning"), "\"message\":\"c\",\"n\":3}\n");
    free(text);
    log_open("svc-test", log_level_of(STR("debug")));
    capture_start();
    log_debug("a", LOG_INT("n", 1));
    text = capture_stop(NULL);
    ck_assert_str_eq(rest_of(text, "debug"), "\"message\":\"a\",\"n\":1}\n");
    free(text);
    ck_assert_int_eq(log_level_of(STR("loud")), LOG_INFO);
}
END_TEST

START_TEST(repeats_the_context)
{
    struct log_context full = {
        .request_id = STR("r-1"),
        .traceparent = STR("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"),
        .tenant = STR("t"),
        .user = STR("u"),
        .operation = STR("goal.get"),
    };
    struct log_context bare = {.request_id = STR("r-2")};

    log_open("svc-test", LOG_INFO);
    ck_assert_ptr_null(log_use(&full));
    capture_start();
    log_error("x", LOG_INT("n", 1));
    char *text = capture_stop(NULL);
    ck_assert_str_eq(rest_of(text, "error"),
                     "\"message\":\"x\",\"requestId\":\"r-1\","
                     "\"trace_id\":\"0af7651916cd43dd8448eb211c80319c\","
                     "\"span_id\":\"b7ad6b7169203331\",\"tenant\":\"t\","
                     "\"user\":\"u\",\"operation\":\"goal.get\",\"n\":1}\n");
    free(text);
    ck_assert_ptr_eq(log_use(&bare), &full);
    capture_start();
    log_error("x", LOG_INT("n", 1));
    text = capture_stop(NULL);
    ck_assert_str_eq(rest_of(text, "error"), "\"message\":\"x\",\"requestId\":\"r-2\",\"n\":1}\n");
    free(text);
    ck_assert_ptr_eq(log_use(NULL), &bare);
}
END_TEST

START_TEST(repairs_text)
{
    log_open("svc-test", LOG_INFO);
    capture_start();
    log_info("x", LOG_TEXT("a", STR("\xFFok\xC3\xA4\xC3|\xED\xA0\x80")),
             LOG_TEXT("b", STR("two\nlines\r\0\"")));
    char *text = capture_stop(NULL);
    ck_assert_str_eq(rest_of(text, "info"),
                     "\"message\":\"x\",\"a\":\"\xEF\xBF\xBDok\xC3\xA4\xEF\xBF\xBD|"
                     "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\","
                     "\"b\":\"two\\nlines\\r\\u0000\\\"\"}\n");
    free(text);
}
END_TEST

START_TEST(cuts_long_text_between_characters)
{
    char value[3000];
    char expected[1200];

    for (size_t i = 0; i < sizeof value; i++)
        value[i] = "\xE2\x82\xAC"[i % 3];
    log_open("svc-test", LOG_INFO);
    capture_start();
    log_info("x", LOG_TEXT("a", ((struct str){value, sizeof value})));
    char *text = capture_stop(NULL);
    snprintf(expected, sizeof expected, "\"message\":\"x\",\"a\":\"%.*s\"}\n", 1023, value);
    ck_assert_str_eq(rest_of(text, "info"), expected);
    free(text);
}
END_TEST

START_TEST(cuts_bytes_that_are_no_text)
{
    char value[3000];

    memset(value, 0x80, sizeof value);
    log_open("svc-test", LOG_INFO);
    capture_start();
    log_info("x", LOG_TEXT("a", ((struct str){value, sizeof value})));
    size_t size;
    char *text = capture_stop(&size);
    ck_assert_uint_gt(size, 1024 * 3);
    ck_assert_uint_lt(size, 1024 * 3 + 200);
    free(text);
}
END_TEST

/* A datagram socket keeps what each write sent apart. */
START_TEST(writes_once_and_keeps_errno)
{
    int ends[2];
    int kept = dup(STDERR_FILENO);
    char line[4096];

    ck_assert_int_eq(socketpair(AF_UNIX, SOCK_DGRAM, 0, ends), 0);
    log_open("svc-test", LOG_INFO);
    dup2(ends[1], STDERR_FILENO);
    errno = ENOENT;
    log_info("x", LOG_INT("n", 1));
    int error = errno;
    dup2(kept, STDERR_FILENO);
    ck_assert_int_eq(error, ENOENT);
    ssize_t got = read(ends[0], line, sizeof line);
    ck_assert_int_gt(got, 0);
    ck_assert_int_eq(line[got - 1], '\n');

    close(STDERR_FILENO); /* nowhere to write: ignored */
    log_info("x", LOG_INT("n", 1));
    dup2(kept, STDERR_FILENO);
}
END_TEST

SUITE_MAIN("log", writes_one_line, leaves_out_what_is_less_severe, repeats_the_context,
           repairs_text, cuts_long_text_between_characters, cuts_bytes_that_are_no_text,
           writes_once_and_keeps_errno)
