/* Crash handling (SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT): writes one log line with the signal,
 * the request that was being worked on and a backtrace, then runs a last action in another thread.
 * Then the signal's default action follows, so exit status and core dump are those of the signal.
 *
 * The backtrace is "program+0x1234 libc.so.6+0x56 ...", innermost first, which addr2line turns into
 * names. The handler runs on a stack of its own, so it also reports a stack overflow. */
#ifndef TRACTION_CRASH_H
#define TRACTION_CRASH_H

#include "log.h"

/* Once, after log_open, from the thread that the log's context belongs to. */
void crash_open(void);

/* `act` runs in another thread after the line is written, while the crashed thread is blocked;
 * after a second the process ends in any case. It gets the log context of the crashed thread, and
 * is not called without one. It must not use anything that the crash may have left in an
 * inconsistent state. The last call sets it; NULL: none. */
typedef void crash_act(void *argument, const struct log_context *context);
void crash_then(crash_act *act, void *argument);

#endif
