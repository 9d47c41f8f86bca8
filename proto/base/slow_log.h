/* Which slow requests are logged: so many a second, whatever happens, because a storm of them must
 * not fill the disk. */
#ifndef TRACTION_SLOW_LOG_H
#define TRACTION_SLOW_LOG_H

#include <stdbool.h>
#include <stdint.h>

enum { SLOW_LOG_LINES = 10 }; /* a second */

struct slow_log {
    int64_t least_us; /* what is slow; 0: nothing */
    int64_t second_us;
    int lines;
    int64_t unsaid; /* slow ones without a line since the last one that had one */
};

/* By TRACTION_SLOW_REQUEST_MS. */
struct slow_log slow_log_new(void);

/* Whether a request that took so long is to be logged; `*unsaid` is how many before it were not. */
bool slow_log_takes(struct slow_log *slow, int64_t us, int64_t now_us, int64_t *unsaid);

#endif
