/* How the kernel shares processors between this process and others. */
#ifndef TRACTION_SCHEDULER_H
#define TRACTION_SCHEDULER_H

enum { SCHEDULER_OWN_SLICE = 0, SCHEDULER_SHORT_SLICE = 300 }; /* in us */

/* Asks for time slices of that many microseconds, for the calling thread and whatever it starts
 * afterwards. Who asks for short ones gets no more time, but waits less for it beside others that
 * compute for long (EEVDF: Stoica and Abdel-Wahab, Earliest Eligible Virtual Deadline First, 1995);
 * the kernel's own are milliseconds. Linux 6.12 and later heed it, for 100 us to 100 ms; to others
 * it means nothing. Safe between fork and exec. */
void scheduler_ask_slice(unsigned microseconds);

#endif
