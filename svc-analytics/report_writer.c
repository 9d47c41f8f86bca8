/* Running report-writer as a child process: the document is written to one pipe, the file is read
 * from another, and the loop serves others meanwhile. */
#define _GNU_SOURCE /* close_range, pipe2 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fiber.h"
#include "log.h"
#include "report_parts.h"
#include "scheduler.h"
#include "service.h"

enum {
    NICE = 15,
    CPU_SECONDS = 110,    /* beyond the deadline of the operation nobody waits */
    MEMORY_MAX = 1 << 30, /* of addresses; it needs a tenth of that */
    CHUNK = 256 * 1024,
    REAP_US = 2000000, /* a writer that has closed its output ends at once */
    PATH_SIZE = 4096,
    VARIABLES_MAX = 17,
};

/* --- The child --- */

/* Beside our own program. */
static bool writer_path(char path[PATH_SIZE])
{
    static const char name[] = "report-writer";
    ssize_t size = readlink("/proc/self/exe", path, PATH_SIZE - sizeof name - 1);
    char *slash;

    if (size <= 0)
        return false;
    path[size] = '\0';
    slash = strrchr(path, '/');
    if (!slash)
        return false;
    memcpy(slash + 1, name, sizeof name);
    return true;
}

/* NUL-terminated. */
static char *variable_of(struct op *op, const char *name, struct str value)
{
    size_t size = strlen(name) + value.size + 2;
    char *variable = arena_alloc(op->arena, size);

    snprintf(variable, size, "%s=" STR_FMT, name, STR_ARG(value));
    return variable;
}

/* The variables by which fonts are found, and the request id; none of our own settings, which
 * contain secrets. */
static void writer_environment(struct op *op, char *variables[VARIABLES_MAX])
{
    static const char *const wanted[] = {"PATH=",         "HOME=",
                                         "LANG=",         "LC_ALL=",
                                         "TZ=",           "FONTCONFIG_FILE=",
                                         "XDG_",          "FONTCONFIG_PATH=",
                                         "ASAN_OPTIONS=", "UBSAN_OPTIONS=",
                                         "LSAN_OPTIONS="};
    size_t count = 0;

    for (char **variable = environ; *variable && count < VARIABLES_MAX - 3; variable++)
        for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
            if (count < VARIABLES_MAX - 3 && strncmp(*variable, wanted[i], strlen(wanted[i])) == 0)
                variables[count++] = *variable;
    /* For the line that it writes when it crashes. */
    variables[count++] = variable_of(op, "REPORT_REQUEST_ID", op->request->request_id);
    variables[count++] = variable_of(op, "REPORT_TRACEPARENT", log_context()->traceparent);
    variables[count] = NULL;
}

static void limit(int resource, rlim_t max)
{
    setrlimit((__rlimit_resource_t)resource, &(struct rlimit){max, max});
}

/* Between fork and exec: only what is safe in the child of a process with threads. */
static void become_writer(const char *path, char *const *words, char *const *variables, int input,
                          int output)
{
    sigset_t none;

    prctl(PR_SET_PDEATHSIG, SIGKILL);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    signal(SIGPIPE, SIG_DFL);
    setpriority(PRIO_PROCESS, 0, NICE); /* requests come first */
    scheduler_ask_slice(SCHEDULER_OWN_SLICE);
    limit(RLIMIT_CPU, CPU_SECONDS);
    limit(RLIMIT_CORE, 0);
#ifndef __SANITIZE_ADDRESS__ /* which takes terabytes of addresses */
    limit(RLIMIT_AS, MEMORY_MAX);
#endif
    if (dup2(input, STDIN_FILENO) >= 0 && dup2(output, STDOUT_FILENO) >= 0 &&
        close_range(STDERR_FILENO + 1, ~0U, 0) == 0)
        execve(path, words, variables);
    _exit(127);
}

struct writer {
    pid_t pid;
    int input, output; /* our ends; -1: closed */
    struct loop_fd *input_watch, *output_watch;
    struct fiber *fiber;
    struct str left; /* of the document */
    struct buffer *file;
};

static void close_input(struct writer *writer)
{
    loop_fd_destroy(&writer->input_watch);
    if (writer->input >= 0)
        close(writer->input);
    writer->input = -1;
}

static void wake(void *argument, int events)
{
    struct writer *writer = argument;

    (void)events;
    fiber_wake(writer->fiber);
}

static bool start(struct writer *writer, struct op *op, enum report_format format)
{
    static char pdf[] = "pdf", docx[] = "docx", name[] = "report-writer", option[] = "--format",
                aside[] = "--aside";
    char *words[] = {name, option, format == REPORT_DOCX ? docx : pdf, aside, NULL};
    char *variables[VARIABLES_MAX];
    char path[PATH_SIZE];
    struct loop *loop = service_loop(op->process);
    int in[2], out[2];

    if (!writer_path(path) || pipe2(in, O_CLOEXEC))
        return false;
    if (pipe2(out, O_CLOEXEC)) {
        close(in[0]);
        close(in[1]);
        return false;
    }
    writer_environment(op, variables);
    writer->pid = fork();
    if (writer->pid == 0)
        become_writer(path, words, variables, in[0], out[1]);
    close(in[0]);
    close(out[1]);
    writer->input = in[1];
    writer->output = out[0];
    fcntl(writer->input, F_SETFL, O_NONBLOCK);
    fcntl(writer->output, F_SETFL, O_NONBLOCK);
    writer->input_watch = loop_fd_new(loop, writer->input, LOOP_WRITE, wake, writer);
    writer->output_watch = loop_fd_new(loop, writer->output, LOOP_READ, wake, writer);
    return writer->pid > 0;
}

/* --- Traffic --- */

/* Writes as much as the pipe takes. A writer that has ended takes nothing; its status says why. */
static void write_input(struct writer *writer)
{
    if (writer->input < 0)
        return;
    while (writer->left.size > 0) {
        size_t size = writer->left.size < CHUNK ? writer->left.size : CHUNK;
        ssize_t taken = write(writer->input, writer->left.data, size);
        if (taken < 0 && errno == EINTR)
            continue;
        if (taken < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
            return;
        if (taken < 0)
            break;
        writer->left.data += taken;
        writer->left.size -= (size_t)taken;
    }
    close_input(writer);
}

/* What the pipe has; false at its end. */
static bool read_output(struct writer *writer)
{
    for (;;) {
        size_t before = writer->file->size;
        char *room = buffer_extend(writer->file, CHUNK);
        ssize_t got = read(writer->output, room, CHUNK);
        writer->file->size = before + (got > 0 ? (size_t)got : 0);
        if (got == 0)
            return false;
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return errno == EAGAIN || errno == EWOULDBLOCK;
        if (writer->file->size > REPORT_BYTES_MAX)
            return false;
    }
}

/* True when the output has ended in time, and the request is not cancelled. */
static bool exchange(struct op *op, struct writer *writer, int64_t deadline_us)
{
    for (;;) {
        if (op_cancelled(op))
            return false;
        write_input(writer);
        if (!read_output(writer))
            return true;
        if (!fiber_park_until(deadline_us))
            return false;
    }
}

/* Its exit status; -1 when it did not end by itself. Even a killed process takes some time to end,
 * while the loop serves others; a descriptor of the process wakes the fiber then. */
static int reap(struct writer *writer, struct loop *loop, bool ended)
{
    int64_t until_us = ended ? monotonic_us() + REAP_US : 0;
    bool killed = false;
    int status = 0, fd;

    if (writer->pid <= 0)
        return -1;
    fd = pidfd_open(writer->pid, 0);
    if (fd < 0) /* no descriptor is left: it is not waited for */
        killed = kill(writer->pid, SIGKILL) == 0;
    struct loop_fd *watch = fd < 0 ? NULL : loop_fd_new(loop, fd, LOOP_READ, wake, writer);
    while (waitpid(writer->pid, &status, fd < 0 ? 0 : WNOHANG) == 0) {
        if (!killed && monotonic_us() >= until_us)
            killed = kill(writer->pid, SIGKILL) == 0;
        if (killed)
            fiber_park();
        else
            fiber_park_until(until_us);
    }
    if (watch) {
        loop_fd_destroy(&watch);
        close(fd);
    }
    return !killed && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

struct str report_write(struct op *op, enum report_format format, struct str document,
                        int64_t deadline_us)
{
    struct buffer file = buffer_in(op->arena, (size_t)2 * CHUNK);
    struct writer writer = {
        .input = -1, .output = -1, .fiber = fiber_self(), .left = document, .file = &file};
    bool started = start(&writer, op, format);
    bool in_time = started && exchange(op, &writer, deadline_us);
    bool too_large = file.size > REPORT_BYTES_MAX;
    int status;

    close_input(&writer);
    if (writer.output >= 0) {
        loop_fd_destroy(&writer.output_watch);
        close(writer.output);
    }
    status = reap(&writer, service_loop(op->process), in_time && !too_large);
    if (status == 0 && file.size > 0 && !op_cancelled(op))
        return buffer_str(&file);
    if (!op_cancelled(op))
        log_error("no report was made", LOG_INT("status", status), LOG_INT("inTime", in_time),
                  LOG_INT("bytes", (int64_t)file.size),
                  LOG_INT("document", (int64_t)document.size));
    op_fail(op, started && !in_time ? STATUS_UPSTREAM_TIMEOUT : STATUS_INTERNAL_ERROR);
    return STR_NONE;
}
