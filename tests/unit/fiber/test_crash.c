/* The log line of a process that dies by a signal, on the loop's stack, on a fiber's, and after a
 * stack overflow; and its last action. */
#define _DEFAULT_SOURCE /* MAP_ANONYMOUS */

#include <assert.h>
#include <check.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "crash.h"
#include "fiber.h"
#include "suite.h"

static struct log_context context;

/* --- Ways to die --- */

static void touch(void)
{
    char *closed = mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    *(volatile char *)closed = 1;
}

static void fail_an_assert(void)
{
    assert(context.operation.size == 99);
}

static void touch_behind_the_file(void)
{
    FILE *file = tmpfile();
    char *page = mmap(NULL, 4096, PROT_READ, MAP_SHARED, fileno(file), 0);

    (void)*(volatile char *)page;
}

static void raise_fpe(void)
{
    raise(SIGFPE);
}

static void raise_ill(void)
{
    raise(SIGILL);
}

static unsigned deeper(unsigned depth)
{
    volatile char frame[512];

    frame[depth % sizeof frame] = (char)depth;
    return depth == UINT_MAX ? 0 : deeper(depth + 1) + (unsigned char)frame[depth % sizeof frame];
}

static void overflow(void)
{
    deeper(0);
}

/* The context points to what is no memory any more. */
static void touch_with_a_lost_context(void)
{
    context.tenant.data = mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    context.tenant.size = 10;
    touch();
}

/* --- A child that dies --- */

struct death {
    void (*die)(void);
    bool fiber;
    crash_act *act;
    int status;
    char said[8192];
};

static void die_in_fiber(void *argument)
{
    const struct death *death = argument;

    log_use(&context);
    death->die();
}

static void child(const struct death *death)
{
    struct loop *loop = loop_new();
    struct death copy = *death;

    const int numbers[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};

    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        signal(numbers[i], SIG_DFL); /* a sanitizer would have more to say */
    log_open("test", LOG_INFO);
    crash_open();
    if (death->act)
        crash_then(death->act, NULL);
    if (!death->fiber)
        death->die();
    fiber_init(loop, 4, (size_t)64 * 1024);
    fiber_start(die_in_fiber, &copy);
    loop_run(loop);
}

static void run(struct death *death)
{
    int out[2];
    size_t size = 0;
    ssize_t got;

    context = (struct log_context){.request_id = STR("r-1"),
                                   .tenant = STR("t \"1\""),
                                   .user = STR("J\xC3\xBCrgen"),
                                   .operation = STR("getGoal")};
    ck_assert_int_eq(pipe(out), 0);
    pid_t pid = fork();
    if (pid == 0) {
        dup2(out[1], STDERR_FILENO);
        child(death);
        _exit(0);
    }
    close(out[1]);
    while ((got = read(out[0], death->said + size, sizeof death->said - 1 - size)) > 0)
        size += (size_t)got;
    death->said[size] = '\0';
    close(out[0]);
    ck_assert_int_eq(waitpid(pid, &death->status, 0), pid);
}

static size_t lines(const char *text)
{
    size_t count = 0;

    for (; *text; text++)
        count += *text == '\n';
    return count;
}

static void says(const struct death *death, const char *part)
{
    ck_assert_msg(strstr(death->said, part), "no %s in: %s", part, death->said);
}

static void dies(struct death death, int number, const char *name)
{
    char text[64];

    run(&death);
    ck_assert_msg(WIFSIGNALED(death.status) && WTERMSIG(death.status) == number,
                  "status %x, said %s", (unsigned)death.status, death.said);
    says(&death, "\"level\":\"error\",\"process\":\"test\",\"pid\":");
    snprintf(text, sizeof text, "\"message\":\"crashed\",\"signal\":\"%s\"", name);
    says(&death, text);
    says(&death, "\"backtrace\":\"");
    says(&death, "test+0x");
    if (death.fiber)
        says(&death, "\"requestId\":\"r-1\"");
    if (number != SIGABRT || !strstr(death.said, "Assertion"))
        ck_assert_uint_eq(lines(death.said), 1);
}

START_TEST(says_the_signal)
{
    dies((struct death){.die = touch}, SIGSEGV, "SIGSEGV");
    dies((struct death){.die = touch_behind_the_file}, SIGBUS, "SIGBUS");
    dies((struct death){.die = raise_fpe}, SIGFPE, "SIGFPE");
    dies((struct death){.die = raise_ill}, SIGILL, "SIGILL");
    dies((struct death){.die = abort}, SIGABRT, "SIGABRT");
    dies((struct death){.die = fail_an_assert}, SIGABRT, "SIGABRT");
}
END_TEST

START_TEST(says_the_request_of_a_fiber)
{
    struct death death = {.die = touch, .fiber = true};

    dies(death, SIGSEGV, "SIGSEGV");
    run(&death);
    says(&death, "\"requestId\":\"r-1\",\"tenant\":\"t ?1?\",\"user\":\"J\xC3\xBCrgen\","
                 "\"operation\":\"getGoal\",\"backtrace\":\"test+0x");
}
END_TEST

START_TEST(survives_the_overflow_of_a_stack)
{
    dies((struct death){.die = overflow, .fiber = true}, SIGSEGV, "SIGSEGV");
    dies((struct death){.die = overflow}, SIGSEGV, "SIGSEGV");
}
END_TEST

START_TEST(leaves_out_what_cannot_be_read)
{
    struct death death = {.die = touch_with_a_lost_context, .fiber = true};

    run(&death);
    ck_assert(WIFSIGNALED(death.status) && WTERMSIG(death.status) == SIGSEGV);
    ck_assert_uint_eq(lines(death.said), 1);
    says(&death, "\"signal\":\"SIGSEGV\"");
    says(&death, "\"backtrace\":\"test+0x");
    ck_assert_ptr_null(strstr(death.said, "requestId"));
}
END_TEST

static void say_so(void *argument, const struct log_context *of)
{
    (void)argument;
    log_info("acts", LOG_TEXT("for", of->request_id));
}

static void crash_again(void *argument, const struct log_context *of)
{
    (void)argument;
    (void)of;
    touch();
}

static void hang(void *argument, const struct log_context *of)
{
    (void)argument;
    (void)of;
    for (;;)
        poll(NULL, 0, -1);
}

START_TEST(acts_last)
{
    struct death death = {.die = overflow, .fiber = true, .act = say_so};

    run(&death);
    ck_assert(WIFSIGNALED(death.status) && WTERMSIG(death.status) == SIGSEGV);
    says(&death, "\"for\":\"r-1\"");
    ck_assert_uint_eq(lines(death.said), 2);
}
END_TEST

START_TEST(dies_whatever_becomes_of_the_act)
{
    dies((struct death){.die = touch, .fiber = true, .act = crash_again}, SIGSEGV, "SIGSEGV");
    dies((struct death){.die = touch, .fiber = true, .act = hang}, SIGSEGV, "SIGSEGV");
}
END_TEST

SUITE_MAIN("crash", says_the_signal, says_the_request_of_a_fiber, survives_the_overflow_of_a_stack,
           leaves_out_what_cannot_be_read, acts_last, dies_whatever_becomes_of_the_act)
