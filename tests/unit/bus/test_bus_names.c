/* Host names: what is asked again, when, and what becomes of the answers. */
#define _GNU_SOURCE /* RTLD_NEXT */

#include "bus_names.h"
#include "dns_rig.h"
#include "suite.h"

static char found[4096];
static size_t found_count;

static void on_found(void *argument, size_t source, struct str addresses)
{
    ck_assert_ptr_eq(argument, found);
    snprintf(found + strlen(found), sizeof found - strlen(found), "%zu=" STR_FMT ";", source,
             STR_ARG(addresses));
    found_count++;
}

START_TEST(fixed_addresses_need_no_lookup)
{
    struct bus_names *names = bus_names_new(
        loop, "ipc:///a,tcp://10.0.0.1:7,tcp://[::1]:8,,inproc://b,tcp://noport", on_found, found);

    ck_assert_str_eq(found, "0=ipc:///a;1=tcp://10.0.0.1:7;2=tcp://[::1]:8;4=inproc://b;"
                            "5=tcp://noport;");
    rig_run_ms(50);
    ck_assert_int_eq(dns.asked, 0);
    bus_names_destroy(&names);
    ck_assert_ptr_null(names);
}
END_TEST

START_TEST(asks_again)
{
    struct bus_names *names = bus_names_new(loop, "ipc:///a,tcp://host:7", on_found, found);

    rig_run_ms(200);
    ck_assert_int_eq(dns.asked, 1);
    ck_assert_uint_eq(found_count, 1);
    dns.v4 = "10.0.0.1";
    rig_run_until(&found_count, 2, 1500); /* a failure is followed by another try in a second */
    ck_assert_str_eq(found, "0=ipc:///a;1=tcp://10.0.0.1:7;");
    dns.v4 = "10.0.0.2";
    rig_run_ms(4000);
    ck_assert_uint_eq(found_count, 2);
    rig_run_until(&found_count, 3, 1500); /* and a success in five */
    ck_assert_str_eq(found, "0=ipc:///a;1=tcp://10.0.0.1:7;1=tcp://10.0.0.2:7;");
    bus_names_destroy(&names);
}
END_TEST

START_TEST(follows_a_name_that_moves)
{
    char text[2][64], ask[64];
    size_t counts[2] = {0};
    struct bus_server *servers[2] = {NULL};
    struct rig_call call;
    int port = 20000 + getpid() % 20000;

    for (int end = port + 100; !servers[1] && port < end; port++) {
        for (int i = 0; i < 2; i++) {
            bus_server_destroy(&servers[i]);
            snprintf(text[i], sizeof text[i], "tcp://127.0.0.%d:%d", i + 1, port);
            servers[i] = bus_server_new(loop, text[i], 8, rig_echo, &counts[i]);
        }
    }
    snprintf(ask, sizeof ask, "tcp://host:%d", port - 1);
    dns.v4 = "127.0.0.1";
    struct bus_client *client = rig_client(ask, 2000);
    ck_assert_int_eq(rig_ask(client, &call, 3000), BUS_REPLIED);
    ck_assert_uint_eq(counts[0], 1);
    dns.v4 = "127.0.0.2";
    rig_run_ms(5500);
    ck_assert_int_eq(rig_ask(client, &call, 3000), BUS_REPLIED);
    ck_assert_uint_eq(counts[0], 1);
    ck_assert_uint_eq(counts[1], 1);
    bus_client_destroy(&client);
    for (int i = 0; i < 2; i++)
        bus_server_destroy(&servers[i]);
}
END_TEST

/* As a headless Service of Kubernetes answers. */
START_TEST(finds_every_address_of_a_name)
{
    dns.v4 = "10.0.0.1 10.0.0.2 10.0.0.3";
    struct bus_names *names = bus_names_new(loop, "tcp://host:7", on_found, found);

    rig_run_until(&found_count, 1, 1500);
    ck_assert_str_eq(found, "0=tcp://10.0.0.1:7\ntcp://10.0.0.2:7\ntcp://10.0.0.3:7;");
    bus_names_destroy(&names);
}
END_TEST

START_TEST(prefers_ipv4)
{
    dns.v6 = "fd00::1 fd00::2";
    struct bus_names *names = bus_names_new(loop, "tcp://host:7", on_found, found);

    rig_run_until(&found_count, 1, 1500);
    ck_assert_str_eq(found, "0=tcp://[fd00::1]:7\ntcp://[fd00::2]:7;");
    dns.v4 = "10.0.0.1";
    found[0] = '\0';
    rig_run_until(&found_count, 2, 7000);
    ck_assert_str_eq(found, "0=tcp://10.0.0.1:7;");
    bus_names_destroy(&names);
}
END_TEST

/* More than fit into a datagram come over TCP. */
START_TEST(finds_a_hundred_addresses)
{
    char addresses[2000] = "";
    size_t lines = 0;

    for (int i = 1; i <= 100; i++)
        snprintf(addresses + strlen(addresses), sizeof addresses - strlen(addresses), "%s10.0.0.%d",
                 i > 1 ? " " : "", i);
    dns.v4 = addresses;
    struct bus_names *names = bus_names_new(loop, "tcp://host:7", on_found, found);
    rig_run_until(&found_count, 1, 3000);
    for (const char *line = found; line; line = strchr(line + 1, '\n'))
        lines++;
    ck_assert_uint_eq(lines, 100);
    ck_assert_ptr_nonnull(strstr(found, "tcp://10.0.0.100:7;"));
    bus_names_destroy(&names);
}
END_TEST

START_TEST(knows_the_hosts_file)
{
    struct bus_names *names = bus_names_new(loop, "tcp://localhost:7", on_found, found);

    rig_run_until(&found_count, 1, 1500);
    ck_assert_str_eq(found, "0=tcp://127.0.0.1:7;");
    ck_assert_int_eq(dns.asked, 0);
    bus_names_destroy(&names);
}
END_TEST

/* An answer that is lost is asked for again; names that go meanwhile leave nothing behind. */
START_TEST(bears_a_silent_server)
{
    dns.v4 = "10.0.0.1";
    dns.silent = 2; /* both questions */
    struct bus_names *names = bus_names_new(loop, "tcp://host:7", on_found, found);
    struct bus_names *gone = bus_names_new(loop, "tcp://other:7,tcp://another:7", on_found, found);

    rig_run_ms(1);
    bus_names_destroy(&gone);
    rig_run_until(&found_count, 1, 5000);
    ck_assert_str_eq(found, "0=tcp://10.0.0.1:7;");
    bus_names_destroy(&names);
    ck_assert_uint_eq(found_count, 1);
}
END_TEST

SUITE_MAIN_WITH("bus names", dns_set_up, dns_tear_down, fixed_addresses_need_no_lookup, asks_again,
                follows_a_name_that_moves, finds_every_address_of_a_name, prefers_ipv4,
                finds_a_hundred_addresses, knows_the_hosts_file, bears_a_silent_server)
