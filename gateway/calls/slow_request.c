/* The parts of a request's time follow one another, and make up all of it:
 *
 *   readMs           reading head and body, checking the token
 *   gatewayQueueMs   until it was sent to the service
 *   serviceQueueMs   in the service, until it was begun
 *   connectionMs, databaseMs, otherServicesMs   waiting there
 *   serviceMs        everything else in the service
 *   busMs            on its way to the service and back; all of it when the service did not answer
 *   answerMs         making the answer from the reply */
#include "slow_request.h"

#include "loggable.h"
#include "timestamp.h"

static double ms(int64_t us)
{
    return (double)us / 1000.0;
}

static int64_t known_us(int64_t at_us, int64_t otherwise_us)
{
    return at_us > 0 ? at_us : otherwise_us;
}

void slow_request_log(struct call *call, int http, int64_t us)
{
    const struct call_times *times = &call->times;
    const struct timing *timing = &times->service;
    int64_t end_us = call->began_us + us, unsaid;

    if (!slow_log_takes(call->shared->slow, us, end_us, &unsaid))
        return;
    int64_t back_us = known_us(times->back_us, end_us);
    int64_t sent_us = known_us(times->sent_us, back_us);
    int64_t ready_us = known_us(call->ready_us, sent_us);
    const struct head *head = &call->exchange->head;
    log_info("slow request", LOG_TEXT("method", loggable_method(head)),
             LOG_TEXT("path", loggable_path(call->arena, head)), LOG_INT("status", http),
             LOG_DOUBLE("durationMs", ms(us)), LOG_DOUBLE("readMs", ms(ready_us - call->began_us)),
             LOG_DOUBLE("gatewayQueueMs", ms(sent_us - ready_us)),
             LOG_DOUBLE("serviceQueueMs", ms(timing->queue_us)),
             LOG_DOUBLE("connectionMs", ms(timing->connection_us)),
             LOG_DOUBLE("databaseMs", ms(timing->database_us)),
             LOG_INT("statements", timing->statements),
             LOG_DOUBLE("otherServicesMs", ms(timing->calls_us)),
             LOG_DOUBLE("serviceMs", ms(timing_rest_us(timing))),
             LOG_DOUBLE("busMs", ms(back_us - sent_us - timing->total_us)),
             LOG_DOUBLE("answerMs", ms(end_us - back_us)), LOG_INT("unsaid", unsaid));
}
