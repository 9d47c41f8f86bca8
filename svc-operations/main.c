/* svc-operations: actions, issues, their types and statuses, and what they are linked to. */
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
            .service = SERVICE_OPERATIONS,
            .schema = "operations",
            .handlers = handlers,
            .statements = service_statements,
            .migrations = service_migrations,
        },
        argc, argv);
}
