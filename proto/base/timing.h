/* Where the time of one request goes in a service. Its fiber is in one place at a time, so the
 * parts do not overlap; what is left of the total is its own work and other waits. */
#ifndef TRACTION_TIMING_H
#define TRACTION_TIMING_H

#include <stdint.h>

struct timing {
    int64_t total_us;      /* from its arrival to the reply */
    int64_t queue_us;      /* before its handler began */
    int64_t connection_us; /* waiting for a connection to the database */
    int64_t database_us;   /* waiting for the database's answers */
    int64_t calls_us;      /* waiting for other services */
    int64_t statements;    /* sent to the database */
};

/* Its own work, and what else it waited for. */
static inline int64_t timing_rest_us(const struct timing *timing)
{
    return timing->total_us - timing->queue_us - timing->connection_us - timing->database_us -
           timing->calls_us;
}

#endif
