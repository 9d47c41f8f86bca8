/* The handler of crash signals. Everything that it calls is async-signal-safe, or only reads
 * memory; backtrace() is safe once its library is loaded, which crash_open does. A part of the line
 * that cannot be read is left out: a fault inside the handler jumps back to before that part. */
#define _GNU_SOURCE /* REG_RIP */

#include "crash.h"

#include <assert.h>
#include <errno.h>
#include <execinfo.h>
#include <link.h>
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <ucontext.h>
#include <unistd.h>

#include "timestamp.h"
#include "trace.h"

enum {
    STACK_BYTES = 64 * 1024, /* a sanitizer's report runs on it, too */
    LINE_LENGTH_MAX = 4000,  /* written at once, whole: less than PIPE_BUF */
    TEXT_MAX = 300,          /* of one field */
    FRAMES_MAX = 48,
    MODULES_MAX = 96,
    ACT_MS = 1000,
    STATUS_OF_SIGNAL = 128, /* as shells have it, where the signal itself does not end us */
};

static const struct deadly {
    int number;
    const char *name;
} deadly[] = {
    {SIGSEGV, "SIGSEGV"}, {SIGBUS, "SIGBUS"},   {SIGFPE, "SIGFPE"},
    {SIGILL, "SIGILL"},   {SIGABRT, "SIGABRT"},
};
enum { DEADLY_COUNT = sizeof deadly / sizeof *deadly };

struct module {
    uintptr_t base, begin, end;
    char name[48]; /* the file's, without its folder */
};

static struct {
    struct sigaction before[DEADLY_COUNT];
    struct module modules[MODULES_MAX];
    size_t module_count;
    pid_t pid;
    pthread_t owner;
    int ends[2]; /* the handler's and the thread's of a socket pair; 0: no thread */
    crash_act *act;
    void *argument;

    /* While it crashes. */
    atomic_flag begun;
    volatile sig_atomic_t trying; /* a fault leads back to `back` */
    pthread_t thread;
    sigjmp_buf back;
    const struct deadly *signal;
    const siginfo_t *info;
    uintptr_t counter; /* the instruction */
    char line[LINE_LENGTH_MAX];
    size_t size;
} crash = {.begun = ATOMIC_FLAG_INIT};

static char stack[STACK_BYTES];

/* --- The line --- */

static void put(const char *text, size_t size)
{
    /* Its end always has room. */
    if (size > LINE_LENGTH_MAX - 4 - crash.size)
        return;
    memcpy(crash.line + crash.size, text, size);
    crash.size += size;
}

static void put_cstr(const char *text)
{
    put(text, strlen(text));
}

static void put_number(uintptr_t number, unsigned base)
{
    char digits[24];
    size_t at = sizeof digits;

    do
        digits[--at] = "0123456789abcdef"[number % base];
    while ((number /= base) > 0);
    put(digits + at, sizeof digits - at);
}

/* What would have to be escaped is replaced. */
static void put_text(const char *name, struct str text)
{
    size_t size = text.size < TEXT_MAX ? text.size : TEXT_MAX;

    if (!text.data)
        return;
    while (size > 0 && size < text.size && ((unsigned char)text.data[size] & 0xC0) == 0x80)
        size--; /* no torn character */
    put_cstr(",\"");
    put_cstr(name);
    put_cstr("\":\"");
    for (size_t i = 0; i < size; i++) {
        unsigned char c = (unsigned char)text.data[i];
        put(c < 0x20 || c == 0x7F || c == '"' || c == '\\' ? "?" : text.data + i, 1);
    }
    put_cstr("\"");
}

static void put_context(void)
{
    const struct log_context *context = log_context();

    if (!context || !pthread_equal(crash.thread, crash.owner))
        return;
    put_text("requestId", context->request_id);
    put_text("trace_id", trace_id_of(context->traceparent));
    put_text("span_id", span_id_of(context->traceparent));
    put_text("tenant", context->tenant);
    put_text("user", context->user);
    put_text("operation", context->operation);
}

static void put_place(uintptr_t address)
{
    const struct module *module = NULL;

    for (size_t i = 0; i < crash.module_count; i++)
        if (address >= crash.modules[i].begin && address < crash.modules[i].end)
            module = &crash.modules[i];
    if (module) {
        put_cstr(module->name);
        put_cstr("+");
    }
    put_cstr("0x");
    put_number(module ? address - module->base : address, 16);
}

/* After the frames of the handler itself. A return address is the one after the call, which may
 * belong to the next line: one less is inside the call. */
static void put_backtrace(void)
{
    void *frames[FRAMES_MAX];
    int count = backtrace(frames, FRAMES_MAX), at = 0;

    while (at < count && (uintptr_t)frames[at] != crash.counter)
        at++;
    for (at++; at < count; at++) {
        put_cstr(" ");
        put_place((uintptr_t)frames[at] - 1);
    }
}

static void put_counter(void)
{
    put_place(crash.counter);
}

/* Leaves out what cannot be said. */
static void try(void (*part)(void))
{
    size_t size = crash.size;

    crash.trying = 1;
    if (sigsetjmp(crash.back, 0) == 0)
        part();
    else
        crash.size = size;
    crash.trying = 0;
}

static void put_address(void)
{
    if (crash.info->si_code <= 0 ||
        (crash.signal->number != SIGSEGV && crash.signal->number != SIGBUS))
        return;
    put_cstr(",\"address\":\"0x");
    put_number((uintptr_t)crash.info->si_addr, 16);
    put_cstr("\"");
}

static void write_line(void)
{
    const char *text = crash.line;

    while (crash.size > 0) {
        ssize_t written = write(STDERR_FILENO, text, crash.size);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return;
        text += written;
        crash.size -= (size_t)written;
    }
}

static void report(void)
{
    char now[TIMESTAMP_TEXT_SIZE];

    timestamp_format(timestamp_now(), now);
    put_cstr("{\"time\":\"");
    put(now, sizeof now);
    put_cstr("\",\"level\":\"error\"");
    put_text("process", str_of(log_process()));
    put_cstr(",\"pid\":");
    put_number((uintptr_t)getpid(), 10);
    put_text("message", STR("crashed"));
    put_text("signal", str_of(crash.signal->name));
    put_address();
    try(put_context);
    put_cstr(",\"backtrace\":\"");
    try(put_counter);
    try(put_backtrace);
    crash.line[crash.size++] = '"';
    crash.line[crash.size++] = '}';
    crash.line[crash.size++] = '\n';
    write_line();
}

/* --- The last act --- */

static void *wait_for_crash(void *unused)
{
    char word;

    (void)unused;
    while (recv(crash.ends[1], &word, 1, 0) != 1) {
        if (errno != EINTR)
            return NULL;
    }
    const struct log_context *context = log_context();
    if (crash.act && context)
        crash.act(crash.argument, context);
    (void)!send(crash.ends[1], &word, 1, MSG_NOSIGNAL);
    return NULL;
}

/* A copy of the process, made by fork, has neither thread nor callers. */
static void let_act(void)
{
    struct pollfd done = {.fd = crash.ends[0], .events = POLLIN};

    if (!crash.act || crash.pid != getpid() || !pthread_equal(crash.thread, crash.owner))
        return;
    if (send(crash.ends[0], "", 1, MSG_NOSIGNAL) != 1)
        return;
    while (poll(&done, 1, ACT_MS) < 0 && errno == EINTR)
        continue;
}

/* --- The signal --- */

static uintptr_t program_counter(const void *machine)
{
    const ucontext_t *context = machine;

#if defined(__x86_64__)
    return (uintptr_t)context->uc_mcontext.gregs[REG_RIP];
#elif defined(__aarch64__)
    return (uintptr_t)context->uc_mcontext.pc;
#else
    (void)context;
    return 0;
#endif
}

/* An instruction that faulted faults again on return; a signal that was sent is sent again. Neither
 * ends a container's first process (pid 1), for which the kernel ignores unhandled signals. */
static void take_its_course(const struct deadly *signal, const siginfo_t *info)
{
    sigaction(signal->number, &crash.before[signal - deadly], NULL);
    if (info->si_code > 0 && signal->number != SIGABRT)
        return;
    raise(signal->number);
    _exit(STATUS_OF_SIGNAL + signal->number);
}

static void on_signal(int number, siginfo_t *info, void *machine)
{
    const struct deadly *signal = deadly;

    if (crash.trying && pthread_equal(pthread_self(), crash.thread))
        siglongjmp(crash.back, 1);
    while (signal->number != number)
        signal++;
    if (!atomic_flag_test_and_set(&crash.begun)) {
        crash.thread = pthread_self();
        crash.signal = signal;
        crash.info = info;
        crash.counter = program_counter(machine);
        report();
        let_act();
    }
    take_its_course(signal, info);
}

/* --- Before --- */

static int note_module(struct dl_phdr_info *info, size_t size, void *unused)
{
    struct module *module = &crash.modules[crash.module_count];
    const char *slash = strrchr(info->dlpi_name, '/');

    (void)size;
    (void)unused;
    if (crash.module_count == MODULES_MAX)
        return 1;
    *module = (struct module){.base = info->dlpi_addr, .begin = UINTPTR_MAX};
    for (int i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *part = &info->dlpi_phdr[i];
        uintptr_t begin = info->dlpi_addr + part->p_vaddr, end = begin + part->p_memsz;
        if (part->p_type != PT_LOAD)
            continue;
        module->begin = begin < module->begin ? begin : module->begin;
        module->end = end > module->end ? end : module->end;
    }
    /* The program itself is the first and has no name there. */
    strncpy(module->name,
            crash.module_count == 0 ? log_process()
            : slash                 ? slash + 1
                                    : info->dlpi_name,
            sizeof module->name - 1);
    crash.module_count++;
    return 0;
}

void crash_open(void)
{
    struct sigaction action = {.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER};
    void *frame;

    crash.pid = getpid();
    crash.owner = pthread_self();
    crash.module_count = 0;
    dl_iterate_phdr(note_module, NULL);
    backtrace(&frame, 1);
    if (sigaltstack(&(stack_t){.ss_sp = stack, .ss_size = sizeof stack}, NULL) != 0)
        abort();
    action.sa_sigaction = on_signal;
    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < DEADLY_COUNT; i++)
        sigaction(deadly[i].number, &action, &crash.before[i]);
}

/* A detached thread, to which no signal belongs but the deadly ones. */
static void start_thread(void)
{
    pthread_attr_t attributes;
    pthread_t thread;
    sigset_t others, before;

    sigfillset(&others);
    for (size_t i = 0; i < DEADLY_COUNT; i++)
        sigdelset(&others, deadly[i].number);
    pthread_sigmask(SIG_SETMASK, &others, &before);
    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    errno = pthread_create(&thread, &attributes, wait_for_crash, NULL);
    if (errno != 0)
        log_warning("cannot start the thread for crashes", LOG_CSTR("reason", strerror(errno)));
    pthread_attr_destroy(&attributes);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

void crash_then(crash_act *act, void *argument)
{
    crash.act = NULL;
    crash.argument = argument;
    crash.act = act;
    if (!act || crash.ends[0] > 0)
        return;
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, crash.ends) == 0)
        start_thread();
}
