/* svc-realtime: the durable log of events, and replaying it. */
#include "queries.h"
#include "service.h"

/* Operations of this service that have no handler are answered NOT_IMPLEMENTED. */
static const struct handler handlers[] = {
    {NULL, NULL},
};

int main(int argc, char **argv)
{
    return service_main(
        &(struct service_program){
            .service = SERVICE_REALTIME,
            .schema = "realtime",
            .handlers = handlers,
            .statements = service_statements,
            .migrations = service_migrations,
        },
        argc, argv);
}
