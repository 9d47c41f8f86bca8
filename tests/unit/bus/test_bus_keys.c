/* The keys of a process: read, or refused in one line that says why. */
#include "capture.h"
#include "config.h"
#include "curve_rig.h"
#include "suite.h"

static void ck_refused(int pair, const char *role, const char *why)
{
    capture_start();
    bool good = bus_keys_open(role, str_of(pairs[pair].secret_text), list_path);
    char *said = capture_stop(NULL);

    ck_assert(!good && !bus_keys_loaded());
    ck_assert_msg(strstr(said, why) != NULL, "%s", said);
    ck_assert_ptr_eq(strchr(said, '\n'), said + strlen(said) - 1);
    ck_assert_ptr_null(strstr(said, pairs[pair].secret_text));
    free(said);
}

START_TEST(say_who_is_who)
{
    struct str key = {(const char *)pairs[GATEWAY].key, BUS_KEY_SIZE};

    ck_assert(bus_keys_loaded());
    ck_assert_str_eq(bus_keys_role(key), "gateway");
    key.data = (const char *)pairs[UNLISTED].key;
    ck_assert_ptr_null(bus_keys_role(key));
    key = (struct str){(const char *)pairs[GATEWAY].key, BUS_KEY_SIZE - 1};
    ck_assert_ptr_null(bus_keys_role(key));
}
END_TEST

START_TEST(are_refused_in_one_line)
{
    ck_refused(GATEWAY, "svc-test", "is the key of gateway, and this is svc-test");
    ck_refused(UNLISTED, "svc-test", "does not belong to any public key");
    ck_refused(OURS, "svc-new", "has no key of svc-new");
    pairs[OURS].secret_text[10] = 'x';
    ck_refused(OURS, "svc-test", "is not a private key of 64 hexadecimal digits");
    pairs[OURS].secret_text[10] = '\0';
    ck_refused(OURS, "svc-test", "is not a private key of 64 hexadecimal digits");
    curve_write_list("svc-test 1234\n");
    ck_refused(GATEWAY, "gateway", "line 1 of");
    curve_write_list("a-role-whose-name-is-much-too-long-for-it 12\n");
    ck_refused(GATEWAY, "gateway", "line 1 of");
    unlink(list_path);
    ck_refused(GATEWAY, "gateway", "cannot be read: No such file");
}
END_TEST

/* Both keys of a role that is given another one are its own meanwhile. */
START_TEST(may_be_two_of_a_role)
{
    char line[200];

    snprintf(line, sizeof line, "svc-test %s\n\n", pairs[UNLISTED].key_text);
    curve_write_list(line);
    ck_assert(bus_keys_open("svc-test", str_of(pairs[UNLISTED].secret_text), list_path));
    ck_assert(bus_keys_open("svc-test", str_of(pairs[OURS].secret_text), list_path));
}
END_TEST

/* The answer of bus_keys_configure, and what it says, in the environment as it is. */
static bool configured(const char *why)
{
    static const char *const roles[] = {"gateway", "svc-test", "svc-other", "svc-missing"};

    bus_keys_close();
    ck_assert(config_load());
    capture_start();
    bool good = bus_keys_configure("svc-test", roles, 3);
    char *said = capture_stop(NULL);
    ck_assert_msg(strstr(said, why) != NULL, "%s", said);
    ck_assert_int_eq(said[0] != '\0', !good);
    free(said);
    if (good && bus_keys_loaded()) {
        capture_start();
        ck_assert(!bus_keys_configure("svc-test", roles, 4));
        said = capture_stop(NULL);
        ck_assert_ptr_nonnull(strstr(said, "has no key of svc-missing"));
        free(said);
        ck_assert(bus_keys_configure("svc-test", roles, 3));
    }
    return good;
}

START_TEST(are_needed_over_tcp)
{
    ck_assert(configured("") && !bus_keys_loaded());
    setenv("TRACTION_KPIS_ENDPOINTS", "ipc:///a.sock,ipc:///b.sock", 1);
    ck_assert(configured("") && !bus_keys_loaded());
    setenv("TRACTION_KPIS_ENDPOINTS", "ipc:///a.sock,tcp://host:1", 1);
    ck_assert(!configured("TRACTION_BUS_PUBLIC_KEYS is not set, and the bus goes over TCP"));
    setenv("TRACTION_BUS_PUBLIC_KEYS", list_path, 1);
    ck_assert(!configured("TRACTION_BUS_KEY_FILE is not set, and the bus goes over TCP"));
    setenv("TRACTION_BUS_CURVE", "off", 1);
    ck_assert(configured("") && !bus_keys_loaded());
    unsetenv("TRACTION_BUS_CURVE");
    setenv("TRACTION_BUS_KEY", pairs[GATEWAY].secret_text, 1);
    ck_assert(!configured("is the key of gateway"));
    setenv("TRACTION_BUS_KEY", pairs[OURS].secret_text, 1);
    ck_assert(configured("") && bus_keys_loaded());
    unsetenv("TRACTION_KPIS_ENDPOINTS");
    setenv("TRACTION_BUS_LISTEN", "tcp://0.0.0.0:1", 1);
    ck_assert(configured("") && bus_keys_loaded());
}
END_TEST

SUITE_MAIN_WITH("bus_keys", curve_set_up, curve_tear_down, say_who_is_who, are_refused_in_one_line,
                may_be_two_of_a_role, are_needed_over_tcp)
