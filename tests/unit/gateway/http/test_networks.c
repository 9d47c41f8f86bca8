/* Lists of addresses and networks: what they hold, what is refused, and who counts as one client.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

#include "networks.h"
#include "suite.h"

static struct address address(const char *text)
{
    struct sockaddr_in four = {.sin_family = AF_INET};
    struct sockaddr_in6 six = {.sin6_family = AF_INET6};

    if (inet_pton(AF_INET, text, &four.sin_addr) == 1)
        return address_of((struct sockaddr *)(void *)&four);
    ck_assert_int_eq(inet_pton(AF_INET6, text, &six.sin6_addr), 1);
    return address_of((struct sockaddr *)(void *)&six);
}

static bool contains(const char *list, const char *text)
{
    struct str bad;
    struct networks *networks = networks_new(str_of(list), &bad);

    ck_assert_ptr_nonnull(networks);
    bool found = networks_contain(networks, address(text));
    networks_destroy(&networks);
    return found;
}

START_TEST(holds_addresses_and_networks)
{
    const char *list = "10.0.0.0/8, 192.0.2.7,172.16.0.0/12 ,fd00::/8,2001:db8::1";

    ck_assert(contains(list, "10.0.0.0") && contains(list, "10.255.255.255"));
    ck_assert(!contains(list, "11.0.0.0") && !contains(list, "9.255.255.255"));
    ck_assert(contains(list, "192.0.2.7") && !contains(list, "192.0.2.6"));
    ck_assert(contains(list, "172.31.255.255") && !contains(list, "172.32.0.0"));
    ck_assert(contains(list, "fdff::1") && !contains(list, "fe00::1"));
    ck_assert(contains(list, "2001:db8::1") && !contains(list, "2001:db8::2"));
    ck_assert(contains(list, "::ffff:10.1.2.3")); /* as a listener for both sees it */
    ck_assert(contains("10.1.2.3/8", "10.9.9.9"));
    ck_assert(contains("0.0.0.0/0", "203.0.113.1") && !contains("0.0.0.0/0", "2001:db8::1"));
    ck_assert(contains("::/0", "203.0.113.1"));
}
END_TEST

static void refuses(const char *list, const char *part)
{
    struct str bad = STR_NONE;

    ck_assert_ptr_null(networks_new(str_of(list), &bad));
    ck_assert_msg(str_equal(bad, str_of(part)), STR_FMT " instead of %s", STR_ARG(bad), part);
}

START_TEST(refuses_what_is_none)
{
    struct str bad;
    struct networks *none = networks_new(STR_NONE, &bad);

    ck_assert(!networks_contain(none, address("127.0.0.1")));
    networks_destroy(&none);
    refuses("10.0.0.0/33", "10.0.0.0/33");
    refuses("10.0.0.1,proxy.example.com", "proxy.example.com");
    refuses("10.0.0.1,", "");
    refuses("10.0.0/8", "10.0.0/8");
    refuses("10.0.0.0/", "10.0.0.0/");
    refuses("10.0.0.0/-1", "10.0.0.0/-1");
    refuses("fd00::/129", "fd00::/129");
}
END_TEST

static bool same(const char *a, const char *b)
{
    struct address one = address_of_client(address(a)), other = address_of_client(address(b));

    return memcmp(&one, &other, sizeof one) == 0;
}

START_TEST(knows_one_client)
{
    ck_assert(same("192.0.2.1", "::ffff:192.0.2.1") && !same("192.0.2.1", "192.0.2.2"));
    ck_assert(same("2001:db8:1:2::1", "2001:db8:1:2:ffff::9"));
    ck_assert(!same("2001:db8:1:2::1", "2001:db8:1:3::1"));
}
END_TEST

SUITE_MAIN("networks", holds_addresses_and_networks, refuses_what_is_none, knows_one_client)
