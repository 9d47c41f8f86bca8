/* CPU throttling. A low priority is not sufficient, for two reasons that were measured
 * (docs/reports.md). Where the kernel first shares processors among sessions (autogroup), a nice
 * process uses the share of its whole session, so this one gets its own session. And a process that
 * wakes up waits until the running one has used its time slice, whatever its priority; so this one
 * sleeps between short runs. */
#include "cpu_throttle.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

enum {
    PERIOD_US = 600, /* from nap to nap */
    NAP_US = 100,
    AGAIN_MS = 30,
    TRIES = 5,
};

/* Of the session, as nice is of a process. */
static const char group_nice[] = "15";

static timer_t timer;
static bool timing;

static void sleep_us(long us)
{
    nanosleep(&(struct timespec){us / 1000000, us % 1000000 * 1000}, NULL);
}

/* A signal handler, which may interrupt anything, so it only sleeps. */
static void nap(int signal_number)
{
    int error = errno;

    (void)signal_number;
    sleep_us(NAP_US);
    errno = error;
}

/* The kernel takes one such change in 100 ms from all of the machine. */
static void lower_session(void)
{
    int file;

    if (setsid() < 0 || (file = open("/proc/self/autogroup", O_WRONLY | O_CLOEXEC)) < 0)
        return;
    for (int i = 0; i < TRIES && write(file, group_nice, strlen(group_nice)) < 0 && errno == EAGAIN;
         i++)
        sleep_us(AGAIN_MS * 1000L);
    close(file);
}

void cpu_throttle_begin(void)
{
    const struct sigaction action = {.sa_handler = nap, .sa_flags = SA_RESTART};
    const struct timespec period = {.tv_nsec = PERIOD_US * 1000L};
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGALRM};

    lower_session();
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
