/* Makes way for others: a report is drawn beside programs that answer requests in milliseconds. */
#ifndef TRACTION_PACE_H
#define TRACTION_PACE_H

/* From here on the process has a small share of the processors where others want them, and lets
 * go of its own now and then. What cannot be had is done without. */
void pace_begin(void);
/* No more naps: a leak checker cannot stop a process that is woken all the time. */
void pace_end(void);

#endif
