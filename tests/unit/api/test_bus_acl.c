/* Access control on the bus: which service may call which operation. */
#include "bus_acl.h"
#include "suite.h"

static const struct operation *named(const char *name)
{
    const struct operation *operation = operation_find(str_of(name));

    ck_assert_ptr_nonnull(operation);
    return operation;
}

START_TEST(people_come_through_the_gateway)
{
    size_t count = 0;

    for (size_t i = 0; i < operation_count; i++) {
        if (operations[i].flags & OPERATION_INTERNAL)
            continue;
        count++;
        ck_assert_msg(operations[i].callers == 0, "%s", operations[i].name);
        for (int caller = 0; caller < SERVICE_COUNT; caller++)
            ck_assert_msg(acl_may_call((enum service)caller, &operations[i],
                                       operations[i].service) == (caller == SERVICE_GATEWAY),
                          "%s", operations[i].name);
    }
    ck_assert_uint_gt(count, 50);
}
END_TEST

START_TEST(services_ask_what_their_row_says)
{
    const struct operation *check = named("checkGoals"), *find = named("findGoals");

    ck_assert(acl_may_call(SERVICE_KPIS, check, SERVICE_GOALS));
    ck_assert(acl_may_call(SERVICE_OPERATIONS, find, SERVICE_GOALS));
    ck_assert(!acl_may_call(SERVICE_KPIS, find, SERVICE_GOALS));
    ck_assert(!acl_may_call(SERVICE_ANALYTICS, check, SERVICE_GOALS));
    for (int caller = 0; caller < SERVICE_COUNT; caller++)
        ck_assert_int_eq(acl_may_call((enum service)caller, named("ping"), SERVICE_KPIS),
                         caller == SERVICE_GATEWAY);
}
END_TEST

START_TEST(listeners_may_read_the_log)
{
    const struct operation *of_listeners[] = {named("eventsSince"), named("tellConsumed"),
                                              named("tenantsAfter"), named("entitiesAfter")};

    for (size_t i = 0; i < sizeof of_listeners / sizeof *of_listeners; i++)
        for (int caller = 0; caller < SERVICE_COUNT; caller++)
            for (int source = SERVICE_GOALS; source < SERVICE_COUNT; source++)
                ck_assert(
                    acl_may_call((enum service)caller, of_listeners[i], (enum service)source) ==
                    acl_may_subscribe((enum service)caller, (enum service)source));
    ck_assert(acl_may_subscribe(SERVICE_GATEWAY, SERVICE_REALTIME));
    ck_assert(acl_may_subscribe(SERVICE_REALTIME, SERVICE_OPERATIONS));
    ck_assert(!acl_may_subscribe(SERVICE_GATEWAY, SERVICE_GOALS));
    ck_assert(!acl_may_subscribe(SERVICE_KPIS, SERVICE_OPERATIONS));
    ck_assert_str_eq(acl_subscribers(SERVICE_REALTIME)[0], "gateway");
    ck_assert_ptr_null(acl_subscribers(SERVICE_REALTIME)[1]);
    ck_assert_ptr_null(acl_subscribers(SERVICE_ANALYTICS)[0]);
}
END_TEST

START_TEST(roles_are_names_of_programs)
{
    ck_assert_int_eq(service_of_role("gateway"), SERVICE_GATEWAY);
    ck_assert_int_eq(service_of_role("svc-realtime"), SERVICE_REALTIME);
    ck_assert_int_eq(service_of_role(""), SERVICE_COUNT);
    ck_assert_int_eq(service_of_role("svc-goals2"), SERVICE_COUNT);
}
END_TEST

SUITE_MAIN("bus_acl", people_come_through_the_gateway, services_ask_what_their_row_says,
           listeners_may_read_the_log, roles_are_names_of_programs)
