/* CPU throttling. A low priority is not sufficient, for two reasons that were measured
 * (docs/reports.md). Where the kernel first shares processors among sessions (autogroup), a nice
 * process uses the share of its whole session, so this one gets its own session. And a process that
 * wakes up waits until the running one has used its time slice, whatever its priority; so this one
 * sleeps between short runs, as long as others want its processor. Where many sessions are busy
 * such a priority leaves next to nothing, so it rises as long as the process starves. */
#include "cpu_throttle.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

enum {
    PERIOD_US = 600, /* from nap to nap */
    NAP_US = 100,
    WANTED_US = 50000, /* so long after a sign that others want its processor it naps */
    AGAIN_MS = 30,
    TRIES = 5,
    NICE = 15, /* of the session, as of a process */
    NICE_STEP = 5,
    LOOK_US = 2000000,
    SHARE = 10, /* it starves when it got less than that part of a processor */
};

static timer_t timer;
static bool timing;
static int session_nice; /* 0: as everybody, or it has no session of its own */
static int64_t began_us, looked_us;
static int64_t wanted_us; /* when others last wanted its processor */
static long preempted;    /* how often they took it */

static void sleep_us(long us)
{
    nanosleep(&(struct timespec){us / 1000000, us % 1000000 * 1000}, NULL);
}

static int64_t clock_us(clockid_t id)
{
    struct timespec now;

    clock_gettime(id, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

/* The kernel takes one such change in 100 ms from all of the machine. */
static void set_session_nice(int value)
{
    const char text[] = {(char)('0' + value / 10), (char)('0' + value % 10)};
    int file = open("/proc/self/autogroup", O_WRONLY | O_CLOEXEC);

    if (file < 0)
        return;
    for (int i = 0; i < TRIES && write(file, text, sizeof text) < 0 && errno == EAGAIN; i++)
        sleep_us(AGAIN_MS * 1000L);
    close(file);
    session_nice = value;
}

static void look_whether_starving(void)
{
    int64_t now_us = clock_us(CLOCK_MONOTONIC);

    if (session_nice == 0 || now_us - looked_us < LOOK_US)
        return;
    looked_us = now_us;
    if (clock_us(CLOCK_PROCESS_CPUTIME_ID) * SHARE < now_us - began_us)
        set_session_nice(session_nice - NICE_STEP);
}

static void nap(int64_t now_us)
{
    struct rusage usage;

    if (getrusage(RUSAGE_SELF, &usage) == 0 && usage.ru_nivcsw != preempted) {
        preempted = usage.ru_nivcsw;
        wanted_us = now_us;
    }
    if (now_us - wanted_us > WANTED_US)
        return;
    sleep_us(NAP_US);
    int64_t awake_us = clock_us(CLOCK_MONOTONIC);
    if (awake_us - now_us > 3L * NAP_US) /* somebody else runs meanwhile */
        wanted_us = awake_us;
}

/* A signal handler, which may interrupt anything: only functions that POSIX allows in one, and
 * getrusage, which is a system call and nothing else. */
static void take_turn(int signal_number)
{
    int error = errno;

    (void)signal_number;
    nap(clock_us(CLOCK_MONOTONIC));
    look_whether_starving();
    errno = error;
}

void cpu_throttle_begin(void)
{
    const struct sigaction action = {.sa_handler = take_turn, .sa_flags = SA_RESTART};
    const struct timespec period = {.tv_nsec = PERIOD_US * 1000L};
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGALRM};

    began_us = looked_us = wanted_us = clock_us(CLOCK_MONOTONIC);
    if (setsid() >= 0)
        set_session_nice(NICE);
    prctl(PR_SET_TIMERSLACK, 1UL); /* else a nap is longer by 50 us */
    timing = sigaction(SIGALRM, &action, NULL) == 0 &&
             timer_create(CLOCK_MONOTONIC, &event, &timer) == 0;
    if (timing)
        timer_settime(timer, 0, &(struct itimerspec){period, period}, NULL);
}

void cpu_throttle_end(void)
{
    if (timing)
        timer_delete(timer);
    timing = false;
}
