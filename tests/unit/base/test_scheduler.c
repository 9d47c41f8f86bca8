/* Short time slices: what the kernel says of them afterwards. */
#define _GNU_SOURCE /* syscall */
#include "scheduler.h"

#include <linux/sched/types.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#include "suite.h"

static struct sched_attr ours(void)
{
    struct sched_attr attributes = {0};

    ck_assert_int_eq(syscall(SYS_sched_getattr, 0, &attributes, sizeof attributes, 0), 0);
    return attributes;
}

/* Of 6.12 or later. */
static bool kernel_heeds_slices(void)
{
    struct utsname system;
    int major = 0, minor = 0;

    uname(&system);
    sscanf(system.release, "%d.%d", &major, &minor);
    return major > 6 || (major == 6 && minor >= 12);
}

START_TEST(slices_are_short_for_what_is_started_afterwards)
{
    struct sched_attr before = ours();
    int status;

    scheduler_ask_slice(SCHEDULER_SHORT_SLICE);
    struct sched_attr now = ours();
    ck_assert_uint_eq(now.sched_runtime,
                      kernel_heeds_slices() ? SCHEDULER_SHORT_SLICE * 1000 : before.sched_runtime);
    pid_t child = fork();
    if (child == 0)
        _exit(ours().sched_runtime == now.sched_runtime ? 0 : 1);
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert_int_eq(status, 0);
    scheduler_ask_slice(SCHEDULER_OWN_SLICE);
    ck_assert_uint_eq(ours().sched_runtime, before.sched_runtime);
}
END_TEST

START_TEST(priority_stays)
{
    setpriority(PRIO_PROCESS, 0, 7);
    struct sched_attr before = ours();
    scheduler_ask_slice(SCHEDULER_SHORT_SLICE);
    struct sched_attr now = ours();
    ck_assert_uint_eq(now.sched_policy, before.sched_policy);
    ck_assert_int_eq(now.sched_nice, 7);
    ck_assert_int_eq(getpriority(PRIO_PROCESS, 0), 7);
}
END_TEST

SUITE_MAIN("scheduler", slices_are_short_for_what_is_started_afterwards, priority_stays)
