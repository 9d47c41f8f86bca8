/* The log's own file: never larger than its limit, no line lost, so many kept. */
#include "log_file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "log.h"
#include "suite.h"

enum { LINES = 14000, TEXT_SIZE = 1000 };

static char folder[] = "/tmp/traction-log-XXXXXX";
static char path[64];
static int kept_fd;

static void setup(void)
{
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/gateway.log", folder);
    kept_fd = dup(STDERR_FILENO);
    log_open("svc-test", LOG_INFO);
}

static void finish(void)
{
    char command[100];

    dup2(kept_fd, STDERR_FILENO);
    close(kept_fd);
    snprintf(command, sizeof command, "rm -rf %s", folder);
    ck_assert_int_eq(system(command), 0);
}

/* NULL: the running one. */
static const char *file_named(const char *suffix)
{
    static char name[80];

    snprintf(name, sizeof name, "%s%s", path, suffix ? suffix : "");
    return name;
}

static off_t size_of(const char *suffix)
{
    struct stat about;

    return stat(file_named(suffix), &about) == 0 ? about.st_size : -1;
}

static int lines_of(const char *suffix)
{
    FILE *file = fopen(file_named(suffix), "re");
    int c, lines = 0;

    if (!file)
        return 0;
    while ((c = fgetc(file)) != EOF)
        lines += c == '\n';
    fclose(file);
    return lines;
}

static void write_lines(int count)
{
    static char text[TEXT_SIZE];

    memset(text, 'x', sizeof text);
    for (int i = 0; i < count; i++)
        log_info("request", LOG_TEXT("text", ((struct str){text, sizeof text})));
}

START_TEST(keeps_within_its_size)
{
    setup();
    ck_assert(log_file_open(path));
    write_lines(LINES); /* some 15 MiB */
    ck_assert_int_gt(size_of(".1"), LOG_FILE_MAX - 2 * TEXT_SIZE);
    ck_assert_int_le(size_of(".1"), LOG_FILE_MAX);
    ck_assert_int_le(size_of(NULL), LOG_FILE_MAX);
    ck_assert_int_eq(size_of(".2"), -1);
    ck_assert_int_eq(lines_of(NULL) + lines_of(".1"), LINES);
    finish();
}
END_TEST

START_TEST(goes_on_where_it_was_and_counts_what_others_write)
{
    setup();
    FILE *file = fopen(path, "we");
    ck_assert(file && fputs("before\n", file) >= 0 && fclose(file) == 0);
    ck_assert(log_file_open(path));
    write_lines(1);
    ck_assert_int_eq(lines_of(NULL), 2);
    ck_assert_int_eq(truncate(path, LOG_FILE_MAX), 0); /* a child has written as much */
    write_lines(1);
    ck_assert_int_eq(size_of(".1"), LOG_FILE_MAX);
    ck_assert_int_eq(lines_of(NULL), 1);
    finish();
}
END_TEST

START_TEST(keeps_five_old_ones)
{
    setup();
    ck_assert(log_file_open(path));
    for (int round = 0; round < LOG_FILES_KEPT + 2; round++) {
        write_lines(round + 1);
        ck_assert_int_eq(truncate(path, LOG_FILE_MAX), 0);
    }
    write_lines(1);
    ck_assert_int_eq(lines_of(NULL), 1);
    ck_assert_int_eq(lines_of(".1"), LOG_FILES_KEPT + 2);
    ck_assert_int_eq(lines_of(".5"), 3);
    ck_assert_int_eq(size_of(".6"), -1);
    finish();
}
END_TEST

START_TEST(goes_on_when_a_full_one_cannot_be_put_away)
{
    setup();
    ck_assert(log_file_open(path));
    ck_assert_int_eq(mkdir(file_named(".5"), 0700), 0); /* which no file replaces */
    FILE *file = fopen(file_named(".4"), "we");
    ck_assert(file && fclose(file) == 0);
    ck_assert_int_eq(truncate(path, LOG_FILE_MAX), 0);
    write_lines(2);
    ck_assert_int_gt(size_of(NULL), LOG_FILE_MAX);
    finish();
}
END_TEST

START_TEST(needs_a_file)
{
    setup();
    ck_assert(!log_file_open("/no/such/folder/x.log"));
    ck_assert_int_eq(errno, ENOENT);
    log_file_make_room(1);
    finish();
}
END_TEST

SUITE_MAIN("log_file", keeps_within_its_size, goes_on_where_it_was_and_counts_what_others_write,
           keeps_five_old_ones, goes_on_when_a_full_one_cannot_be_put_away, needs_a_file)
