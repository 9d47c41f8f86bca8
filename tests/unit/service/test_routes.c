/* Which table of handlers a program does not start with. */
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "model.h"
#include "process.h"
#include "suite.h"

/* Named by queries.sql beside this file, which is not used here. */
extern const struct model thing_model;
const struct model thing_model = {.name = "Thing"};

static void stream_read(struct op *op)
{
    (void)op;
}
static void read_stream(struct op *op)
{
    (void)op;
}
static void stream_replay(struct op *op)
{
    (void)op;
}

/* What is logged when the routes of svc-realtime, which has one operation, are made in a process of
 * its own; "" when they were made. */
static const char *mistake_in(const struct handler *handlers)
{
    static char text[1000];
    struct service_program program = {.service = SERVICE_REALTIME, .handlers = handlers};
    int ends[2], status = 0;

    ck_assert_int_eq(pipe(ends), 0);
    pid_t pid = fork();
    ck_assert_int_ge(pid, 0);
    if (pid == 0) {
        dup2(ends[1], STDERR_FILENO);
        struct routes *routes = routes_new(&program);
        routes_destroy(&routes);
        _exit(0);
    }
    close(ends[1]);
    ssize_t size = read(ends[0], text, sizeof text - 1);
    close(ends[0]);
    text[size > 0 ? size : 0] = '\0';
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    ck_assert_msg(WIFEXITED(status) == (text[0] == '\0'), "status %d: %s", status, text);
    return text;
}

#define ck_assert_mistake(message, ...)                                                 \
    do {                                                                                \
        const struct handler handlers_[] = {__VA_ARGS__, {.operation = NULL}};          \
        const char *said_ = mistake_in(handlers_);                                      \
        ck_assert_msg(strstr(said_, message) && (!*(message) == !*said_), "%s", said_); \
    } while (0)

START_TEST(handlers_are_called_as_their_operations)
{
    ck_assert_mistake("", HANDLER("readStream", stream_read));
    ck_assert_mistake("", HANDLER("readStream", read_stream));
    ck_assert_mistake("", {"readStream", NULL, stream_replay});
    ck_assert_mistake("a handler with another name than its operation",
                      HANDLER("readStream", stream_replay));
}
END_TEST

START_TEST(each_operation_has_one_handler)
{
    ck_assert_mistake("an operation without a handler\",\"operation\":\"readStream\"",
                      {.operation = NULL});
    ck_assert_mistake("an operation with two handlers", HANDLER("readStream", stream_read),
                      HANDLER("readStream", read_stream));
    ck_assert_mistake("an operation with two handlers", HANDLER("readStream", stream_read),
                      {"ping", NULL, stream_read});
    ck_assert_mistake("a handler without an operation of its own",
                      {"createGoal", NULL, stream_read});
    ck_assert_mistake("a handler without an operation of its own",
                      {"createNothing", NULL, stream_read});
}
END_TEST

SUITE_MAIN("routes", handlers_are_called_as_their_operations, each_operation_has_one_handler)
