/* Host names: what is asked again, when, and what becomes of the answers. getaddrinfo is replaced
 * by one whose answer the tests set. */
#include "bus_names.h"
#include "bus_rig.h"
#include "suite.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <stdatomic.h>

static _Atomic(const char *) answer; /* the one IPv4 address of every name; NULL: none */
static atomic_int asked;

/* Stands before the C library's; called from the lookup's thread. */
int getaddrinfo(const char *host, const char *port, const struct addrinfo *hints,
                struct addrinfo **list)
{
    struct sockaddr_in *address = calloc(1, sizeof *address);
    /* ZeroMQ comes here with addresses. */
    bool numeric = inet_addr(host) != INADDR_NONE;
    const char *text = numeric ? host : answer;

    atomic_fetch_add(&asked, !numeric);
    if (!text || !address || !(*list = calloc(1, sizeof **list))) {
        free(address);
        return EAI_AGAIN;
    }
    address->sin_family = AF_INET;
    address->sin_port = htons((uint16_t)(port ? strtol(port, NULL, 10) : 0));
    address->sin_addr.s_addr = inet_addr(text);
    (*list)->ai_family = AF_INET;
    (*list)->ai_socktype = hints->ai_socktype;
    (*list)->ai_addr = (struct sockaddr *)address;
    (*list)->ai_addrlen = sizeof *address;
    return 0;
}

void freeaddrinfo(struct addrinfo *list)
{
    free(list->ai_addr);
    free(list);
}

static char found[512];
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
    ck_assert_int_eq(asked, 0);
    bus_names_destroy(&names);
    ck_assert_ptr_null(names);
}
END_TEST

START_TEST(asks_again)
{
    struct bus_names *names = bus_names_new(loop, "ipc:///a,tcp://host:7", on_found, found);

    rig_run_ms(200);
    ck_assert_int_eq(asked, 1);
    ck_assert_uint_eq(found_count, 1);
    answer = "10.0.0.1";
    rig_run_until(&found_count, 2, 1500); /* a failure is followed by another try in a second */
    ck_assert_str_eq(found, "0=ipc:///a;1=tcp://10.0.0.1:7;");
    answer = "10.0.0.2";
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
    answer = "127.0.0.1";
    struct bus_client *client = rig_client(ask, 2000);
    ck_assert_int_eq(rig_ask(client, &call, 3000), BUS_REPLIED);
    ck_assert_uint_eq(counts[0], 1);
    answer = "127.0.0.2";
    rig_run_ms(5500);
    ck_assert_int_eq(rig_ask(client, &call, 3000), BUS_REPLIED);
    ck_assert_uint_eq(counts[0], 1);
    ck_assert_uint_eq(counts[1], 1);
    bus_client_destroy(&client);
    for (int i = 0; i < 2; i++)
        bus_server_destroy(&servers[i]);
}
END_TEST

SUITE_MAIN_WITH("bus names", rig_set_up, rig_tear_down, fixed_addresses_need_no_lookup, asks_again,
                follows_a_name_that_moves)
