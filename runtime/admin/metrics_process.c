/* Metrics that every process has, from /proc and the clock. */
#define _DEFAULT_SOURCE

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "metrics.h"
#include "timestamp.h"

/* A small file of /proc, NUL-terminated; empty when it cannot be read. */
static void read_proc(const char *path, char *text, size_t size)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t got = fd < 0 ? -1 : read(fd, text, size - 1);

    if (fd >= 0)
        close(fd);
    text[got > 0 ? got : 0] = '\0';
}

static double resident_bytes(void)
{
    char text[128], *end;

    read_proc("/proc/self/statm", text, sizeof text);
    strtoull(text, &end, 10); /* the first number is the address space */
    return (double)strtoull(end, NULL, 10) * (double)sysconf(_SC_PAGESIZE);
}

/* Unix seconds at which the process began: field 22 of its stat, in clock ticks since boot. */
static double started_at(void)
{
    char text[1024];
    struct timespec boot, now;

    read_proc("/proc/self/stat", text, sizeof text);
    const char *at = strrchr(text, ')'); /* the name before it may hold anything */
    for (int field = 2; at && field < 22; field++) {
        at = strchr(at, ' ');
        if (at)
            at++;
    }
    if (!at || clock_gettime(CLOCK_BOOTTIME, &boot) || clock_gettime(CLOCK_REALTIME, &now))
        return 0;
    double up = (double)boot.tv_sec + (double)boot.tv_nsec / 1e9;
    double unix_now = (double)now.tv_sec + (double)now.tv_nsec / 1e9;
    return unix_now - up + (double)strtoull(at, NULL, 10) / (double)sysconf(_SC_CLK_TCK);
}

static double cpu_seconds(void)
{
    struct timespec used;

    if (clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used))
        return 0;
    return (double)used.tv_sec + (double)used.tv_nsec / 1e9;
}

void metrics_process(struct metrics *metrics)
{
    static double started;

    if (started <= 0) /* computed once, so that it does not tremble */
        started = started_at();
    metrics_gauge(metrics, "traction_build_info", "Version of the program.",
                  "version=\"" TRACTION_VERSION "\"", 1);
    metrics_gauge(metrics, "process_start_time_seconds",
                  "Start time of the process, in Unix seconds.", NULL, started);
    metrics_gauge(metrics, "process_resident_memory_bytes", "Memory in RAM.", NULL,
                  resident_bytes());
    metrics_counter(metrics, "process_cpu_seconds_total", "Processor time used.", NULL,
                    cpu_seconds());
}
