/* The clients of the bus, made from the configuration and taken down together. */
#include "upstream.h"

#include <stdlib.h>

#include "config.h"
#include "memory.h"
#include "peers.h"

/* Nothing is answered without these services, and a commit on a busy disk may take longer than the
 * names of people are waited for. */
enum { DOUBT_MS = 1000 };

struct upstream *upstream_new(struct loop *loop)
{
    struct upstream *upstream = xcalloc(1, sizeof *upstream);
    char text[PEER_ENDPOINT_SIZE];

    upstream->request_timeout_ms = config_int(CONFIG_REQUEST_TIMEOUT_MS);
    size_t most = (size_t)config_int(CONFIG_MAX_IN_FLIGHT);
    upstream->all = shares_new(most);
    for (int service = SERVICE_GOALS; service < SERVICE_COUNT; service++) {
        upstream->of_services[service] = shares_new((size_t)config_int(CONFIG_QUEUE_LENGTH));
        upstream->lines[service] = tenant_lines_new((size_t)config_int(CONFIG_TENANT_IN_FLIGHT));
        /* Calls of learnPerson and ping come in addition to those that are forwarded. */
        upstream->services[service] = bus_client_new(
            loop, service_names[service], peer_endpoints((enum service)service, text), most * 2, 0);
        bus_client_doubt_after(upstream->services[service], DOUBT_MS);
    }
    return upstream;
}

void upstream_close(struct upstream *upstream)
{
    upstream->closing = true;
    for (int service = SERVICE_GOALS; service < SERVICE_COUNT; service++)
        bus_client_destroy(&upstream->services[service]);
}

void upstream_destroy(struct upstream **upstream)
{
    for (int service = SERVICE_GOALS; service < SERVICE_COUNT; service++) {
        shares_destroy(&(*upstream)->of_services[service]);
        tenant_lines_destroy(&(*upstream)->lines[service]);
    }
    shares_destroy(&(*upstream)->all);
    free(*upstream);
    *upstream = NULL;
}

static enum share_verdict counted(struct upstream *upstream, enum share_verdict verdict)
{
    if (verdict != SHARE_TAKEN)
        *(verdict == SHARE_USED_UP ? &upstream->limited : &upstream->full) += 1;
    return verdict;
}

enum share_verdict upstream_enter(struct upstream *upstream, struct str tenant,
                                  struct upstream_place *place)
{
    enum share_verdict verdict = shares_take(upstream->all, tenant, &place->all);

    upstream->in_flight += verdict == SHARE_TAKEN;
    return counted(upstream, verdict);
}

bool upstream_await(struct upstream *upstream, enum service service, struct str tenant,
                    struct upstream_place *place, void (*run)(void *argument), void *argument)
{
    place->line.run = run;
    place->line.argument = argument;
    return line_enter(upstream->lines[service], tenant, &place->line);
}

enum share_verdict upstream_begin(struct upstream *upstream, enum service service,
                                  struct str tenant, struct upstream_place *place)
{
    return counted(upstream,
                   shares_take(upstream->of_services[service], tenant, &place->of_service));
}

void upstream_leave(struct upstream *upstream, enum service service, struct upstream_place *place)
{
    shares_give_back(upstream->of_services[service], &place->of_service);
    shares_give_back(upstream->all, &place->all);
    upstream->in_flight--;
    line_leave(upstream->lines[service], &place->line);
}

size_t upstream_waiting(const struct upstream *upstream)
{
    size_t waiting = 0;

    for (int service = SERVICE_GOALS; service < SERVICE_COUNT; service++)
        waiting += lines_waiting(upstream->lines[service]);
    return waiting;
}
