/* The keys of a process: read, or refused in one line that says why. */
#include "bus_keyring.h"
#include "capture.h"
#include "config.h"
#include "curve_rig.h"
#include "suite.h"

#include <sys/stat.h>

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

/* --- Certificates --- */

static char certificates[100];
static const char *const certificate_names[] = {"svc-test.cert", "gateway.cert", "svc-other.cert",
                                                "svc-test.new.cert", "svc-x"};

static const char *certificate_path(const char *name)
{
    static char path[200];

    snprintf(path, sizeof path, "%s/%s", certificates, name);
    return path;
}

/* As czmq's own tools write them. */
static void write_certificates(void)
{
    static const int pair_of[] = {OURS, GATEWAY, OTHER};

    snprintf(certificates, sizeof certificates, "%s/public-keys", folder);
    ck_assert_int_eq(mkdir(certificates, 0700), 0);
    for (size_t i = 0; i < 3; i++) {
        zcert_t *certificate = zcert_new_from(pairs[pair_of[i]].key, pairs[pair_of[i]].secret);
        zcert_set_meta(certificate, "name", "%s", certificate_names[i]);
        ck_assert_int_eq(zcert_save_public(certificate, certificate_path(certificate_names[i])), 0);
        zcert_destroy(&certificate);
    }
}

static void write_text(const char *name, const char *text)
{
    FILE *file = fopen(certificate_path(name), "w");

    ck_assert_ptr_nonnull(file);
    fputs(text, file);
    fclose(file);
}

static void remove_certificates(void)
{
    for (size_t i = 0; i < sizeof certificate_names / sizeof *certificate_names; i++)
        unlink(certificate_path(certificate_names[i]));
    ck_assert_int_eq(rmdir(certificates), 0);
}

/* The text of a secret certificate with the keys of two pairs, which should be one. */
static const char *certificate_text(int secret, int key)
{
    static char text[4000];
    char path[120];
    zcert_t *certificate = zcert_new_from(pairs[key].key, pairs[secret].secret);

    snprintf(path, sizeof path, "%s/secret", folder);
    ck_assert_int_eq(zcert_save_secret(certificate, path), 0);
    zcert_destroy(&certificate);
    FILE *file = fopen(path, "r");
    size_t size = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    unlink(path);
    text[size] = '\0';
    return text;
}

START_TEST(are_certificates)
{
    struct str key = {(const char *)pairs[GATEWAY].key, BUS_KEY_SIZE};

    write_certificates();
    ck_assert(bus_keys_open("svc-test", str_of(certificate_text(OURS, OURS)), certificates));
    ck_assert_str_eq(bus_keys_role(key), "gateway");
    ck_assert_mem_eq(bus_keys_public("svc-other"), pairs[OTHER].key, BUS_KEY_SIZE);
    ck_assert_mem_eq(zcert_secret_key(bus_keys_own()), pairs[OURS].secret, BUS_KEY_SIZE);
    /* A second one of a role; callers take the first by name. */
    key.data = (const char *)pairs[UNLISTED].key;
    zcert_t *second = zcert_new_from(pairs[UNLISTED].key, pairs[UNLISTED].secret);
    ck_assert_int_eq(zcert_save_public(second, certificate_path("svc-test.new.cert")), 0);
    zcert_destroy(&second);
    ck_assert(bus_keys_open("svc-test", str_of(certificate_text(OURS, OURS)), certificates));
    ck_assert_str_eq(bus_keys_role(key), "svc-test");
    ck_assert_mem_eq(bus_keys_public("svc-test"), pairs[OURS].key, BUS_KEY_SIZE);
    remove_certificates();
}
END_TEST

/* The forms of release 1.0.0 beside the new ones, as in the middle of an upgrade. */
START_TEST(may_be_of_both_forms)
{
    char list[4000];
    size_t size = 0;

    write_certificates();
    ck_assert(bus_keys_open("svc-test", str_of(pairs[OURS].secret_text), certificates));
    ck_assert(bus_keys_open("svc-test", str_of(certificate_text(OURS, OURS)), list_path));
    for (size_t i = 0; i < UNLISTED; i++)
        size += (size_t)snprintf(list + size, sizeof list - size, "%s %s\n", pair_roles[i],
                                 pairs[i].key_text);
    remove_certificates();
    ck_assert_int_eq(mkdir(certificates, 0700), 0);
    write_text("svc-x", list); /* the list in the folder, as a ConfigMap has it */
    ck_assert(bus_keys_open("svc-test", str_of(certificate_text(OURS, OURS)), certificates));
    remove_certificates();
}
END_TEST

static void ck_certificate_refused(const char *secret, const char *why)
{
    capture_start();
    bool good = bus_keys_open("svc-test", str_of(secret), certificates);
    char *said = capture_stop(NULL);

    ck_assert(!good && !bus_keys_loaded());
    ck_assert_msg(strstr(said, why) != NULL, "%s", said);
    ck_assert_ptr_eq(strchr(said, '\n'), said + strlen(said) - 1);
    free(said);
}

START_TEST(are_refused_as_certificates)
{
    char text[4000];

    write_certificates();
    ck_certificate_refused(certificate_text(OURS, GATEWAY), "nor a ZeroMQ certificate");
    ck_certificate_refused(certificate_text(GATEWAY, GATEWAY), "is the key of gateway");
    ck_certificate_refused("curve\n    public-key = \"x\"\n", "nor a ZeroMQ certificate");
    snprintf(text, sizeof text, "curve\n    public-key = \"%040d\"\n", 0);
    ck_certificate_refused(text, "nor a ZeroMQ certificate");
    write_text("svc-x", "curve\n    public-key = \"too short\"\n");
    ck_certificate_refused(certificate_text(OURS, OURS), "no ZeroMQ certificate that is named");
    write_text("svc-x", "curve\n    public-key = \"~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~\"\n");
    ck_certificate_refused(certificate_text(OURS, OURS), "no ZeroMQ certificate that is named");
    write_text("svc-x", "curve\n  : public-key\n");
    ck_certificate_refused(certificate_text(OURS, OURS), "line 1 of");
    unlink(certificate_path("svc-x"));
    unlink(certificate_path("svc-test.cert"));
    ck_certificate_refused(certificate_text(OURS, OURS), "has no key of svc-test");
    remove_certificates();
    ck_certificate_refused(certificate_text(OURS, OURS), "cannot be read: No such file");
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
                may_be_two_of_a_role, are_certificates, may_be_of_both_forms,
                are_refused_as_certificates, are_needed_over_tcp)
