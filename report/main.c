/* report-writer --format pdf|docx [--aside] | --version: the company report's data
 * (proto/api/report.h) as one msgpack document on standard input becomes the file on standard
 * output; --aside: with its CPU use throttled, so that it hardly delays programs that serve
 * requests.
 *
 * A separate program, one process per report: a large report delays no requests, its memory is
 * freed when it ends, and it can be cancelled by killing it. It opens no socket, and no files but
 * fonts and its own entry in /proc.
 *
 * Exit status: 0 done, 1 the data or the writing failed, 2 wrong arguments; then one line on
 * standard error says why, and the output so far is to be discarded. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cpu_throttle.h"
#include "crash.h"
#include "docx.h"
#include "input.h"
#include "pdf.h"

typedef bool writer(const struct report *report, struct arena *arena, FILE *out, const char **why);

static int fail(int status, struct str why)
{
    fprintf(stderr, "report-writer: " STR_FMT "\n", STR_ARG(why));
    return status;
}

static writer *find_writer(int argc, char **argv)
{
    bool aside = argc == 4 && strcmp(argv[3], "--aside") == 0;

    if ((argc != 3 && !aside) || strcmp(argv[1], "--format") != 0)
        return NULL;
    if (strcmp(argv[2], "pdf") == 0)
        return pdf_write;
    if (strcmp(argv[2], "docx") == 0)
        return docx_write;
    return NULL;
}

/* The parent process passes the request id and the trace, so that a crash is logged with them. */
static void tell_crashes(void)
{
    static struct log_context context;

    context.request_id = str_of(getenv("REPORT_REQUEST_ID"));
    context.traceparent = str_of(getenv("REPORT_TRACEPARENT"));
    log_open("report-writer", LOG_INFO);
    log_use(&context);
    crash_open();
}

int main(int argc, char **argv)
{
    writer *write_report = find_writer(argc, argv);
    struct arena *arena;
    struct report report;
    struct str why;
    const char *reason = "";
    int status = 0;

    if (argc == 2 && strcmp(argv[1], "--version") == 0)
        return puts("report-writer " TRACTION_VERSION) < 0;
    if (write_report == NULL)
        return fail(2, STR("usage: report-writer --format pdf|docx [--aside] | --version"));
    tell_crashes();
    signal(SIGPIPE, SIG_IGN); /* a reader that goes away is a failed write */
    if (argc == 4)
        cpu_throttle_begin();
    arena = arena_new();
    if (!input_read(STDIN_FILENO, arena, &report, &why))
        status = fail(1, why);
    else if (!write_report(&report, arena, stdout, &reason))
        status = fail(1, str_of(reason));
    else if (fflush(stdout) != 0)
        status = fail(1, str_of(strerror(errno)));
    arena_destroy(&arena);
    cpu_throttle_end();
    return status;
}
