/* svc-kpis where no goals are kept in memory. */
#include "service_rig.h"

START_TEST(nobody_holds_a_lease_there)
{
    rig_new_tenant();
    const char *holder = format("{'holder': '%s'}", sql_value("SELECT gen_random_uuid()"));
    ck_answer(ask("registerHolder", NULL, holder), 503);
    ck_at(ask("renewLease", NULL, holder), "data.held", "false");
    ck_assert(!sql_value("SELECT holder FROM kpis.lease_holders"));
}
END_TEST

SERVICE_SUITE_MAIN("kpis_cacheless", nobody_holds_a_lease_there)
