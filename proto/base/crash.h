/* What a process leaves behind when a signal of its own making ends it (SIGSEGV, SIGBUS, SIGFPE,
 * SIGILL, SIGABRT): one line of the log with the signal, the request that was being worked on and a
 * backtrace, and a last act of a thread that is still well. Then the signal takes its course, so
 * that exit status and core dump are those of the signal.
 *
 * The backtrace is "program+0x1234 libc.so.6+0x56 ...", innermost first, which addr2line turns into
 * names. The handler runs on a stack of its own, so an overflow of a stack is told, too. */
#ifndef TRACTION_CRASH_H
#define TRACTION_CRASH_H

#include <stdbool.h>

#include "log.h"

/* Starts a detached thread beside the loop's, to which all signals belong but the deadly ones.
 * False when there can be none; errno says why. */
bool crash_start_thread(void *(*run)(void *argument), void *argument);

/* Once, after log_open, from the thread that the log's context belongs to. */
void crash_open(void);

/* `act` runs in another thread after the line is written, while the one that crashed stands still;
 * after a second the process ends anyhow. It gets the context of the thread that crashed, and is
 * not called without one. It must do without whatever the crash may have left half done. The last
 * one counts; NULL: none. */
typedef void crash_act(void *argument, const struct log_context *context);
void crash_then(crash_act *act, void *argument);

#endif
