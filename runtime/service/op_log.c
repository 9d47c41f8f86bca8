/* The log lines that a request leaves when it has ended. */
#include "op_state.h"
#include "slow_log.h"

static double ms(int64_t us)
{
    return (double)us / 1000.0;
}

/* For successful reads, which are most requests, only at level debug. */
static void log_outcome(const struct op *op, const struct reply *reply, int64_t us)
{
    bool success = reply->http < 400;
    bool read = !(op->operation->flags & OPERATION_WRITES);
    enum log_level level = reply->http >= 500 ? LOG_WARNING
                           : success && read  ? LOG_DEBUG
                                              : LOG_INFO;

    LOG_AT(level, "request", LOG_INT("status", reply->http), LOG_TEXT("code", reply->code),
           LOG_DOUBLE("ms", ms(us)));
}

/* Where its time went in this process. The gateway has the same of the service that it asked, but
 * knows nothing of what other services did for that one. */
static void log_slow(const struct op *op, int64_t unsaid)
{
    const struct timing *timing = &op->state->timing;

    log_info("slow request", LOG_DOUBLE("durationMs", ms(timing->total_us)),
             LOG_DOUBLE("serviceQueueMs", ms(timing->queue_us)),
             LOG_DOUBLE("connectionMs", ms(timing->connection_us)),
             LOG_DOUBLE("databaseMs", ms(timing->database_us)),
             LOG_INT("statements", timing->statements),
             LOG_DOUBLE("otherServicesMs", ms(timing->calls_us)),
             LOG_DOUBLE("serviceMs", ms(timing_rest_us(timing))), LOG_INT("unsaid", unsaid));
}

void op_log(const struct op *op, const struct reply *reply, struct slow_log *slow)
{
    const struct timing *timing = &op->state->timing;
    int64_t ended_us = op->state->pending->received_us + timing->total_us, unsaid;

    if (op_cancelled(op))
        log_info("request cancelled", LOG_DOUBLE("ms", ms(timing->total_us)));
    else
        log_outcome(op, reply, timing->total_us);
    if (slow_log_takes(slow, timing->total_us, ended_us, &unsaid))
        log_slow(op, unsaid);
}
