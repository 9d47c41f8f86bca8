/* The statements that the pool itself sends. */
#include "database_state.h"

static const char *const tenant_parameters[] = {"tenant"};
static const char *const request_parameters[] = {"tenant", "timeout"};

struct statement own_statements[OWN_COUNT] = {
    [OWN_TENANT] = {.name = "TRACTION_TENANT",
                    .text = "SELECT set_config('app.tenant', $1, true)",
                    .parameters = tenant_parameters,
                    .parameter_count = 1,
                    .global = true},
    [OWN_REQUEST] = {.name = "TRACTION_REQUEST",
                     .text = "SELECT set_config('app.tenant', $1, true),"
                             " set_config('statement_timeout', $2, true)",
                     .parameters = request_parameters,
                     .parameter_count = 2,
                     .global = true},
    [OWN_BEGIN] = {.name = "TRACTION_BEGIN", .text = "BEGIN", .global = true},
    [OWN_COMMIT] = {.name = "TRACTION_COMMIT", .text = "COMMIT", .global = true},
    [OWN_ROLLBACK] = {.name = "TRACTION_ROLLBACK", .text = "ROLLBACK", .global = true},
};
