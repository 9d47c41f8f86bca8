/* svc-realtime: stores the tenants' streams of events for a limited time and replays them. The
 * gateways serve them to browsers. */
#include "queries.h"
#include "realtime.h"

enum { HEADS_MS = 2000, RETENTION_MS = 10000 };

static const struct handler handlers[] = {
    HANDLER("readStream", stream_read),
    {.operation = NULL},
};

static const struct consumer_spec consumes[] = {
    {.source = SERVICE_GOALS,
     .begin = streams_lock,
     .lost = streams_lose,
     .apply = stream_append,
     .applied = stream_appended},
    {.source = SERVICE_KPIS,
     .before = feed_first,
     .begin = streams_lock,
     .lost = streams_lose,
     .apply = stream_append,
     .applied = stream_appended},
    {.source = SERVICE_OPERATIONS,
     .begin = streams_lock,
     .lost = streams_lose,
     .apply = stream_append,
     .applied = stream_appended},
    {.source = SERVICE_GATEWAY},
};

static bool start(struct process *process)
{
    stream_repeat_heads(process); /* and knows the epoch from now on */
    service_every(process, HEADS_MS, stream_repeat_heads);
    service_every(process, RETENTION_MS, stream_retention);
    return true;
}

int main(int argc, char **argv)
{
    return service_main(
        &(struct service_program){
            .service = SERVICE_REALTIME,
            .handlers = handlers,
            .statements = service_statements,
            .migrations = service_migrations,
            .consumes = consumes,
            .start = start,
        },
        argc, argv);
}
