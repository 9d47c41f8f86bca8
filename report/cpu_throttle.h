/* CPU throttling: a report is drawn on the same machine as programs that answer requests in
 * milliseconds. */
#ifndef TRACTION_CPU_THROTTLE_H
#define TRACTION_CPU_THROTTLE_H

/* From here on the process gets a small share of busy processors, and sleeps periodically. Errors
 * are ignored. */
void cpu_throttle_begin(void);
/* Ends the sleeps: a leak checker cannot stop a process that is woken all the time. */
void cpu_throttle_end(void);

#endif
