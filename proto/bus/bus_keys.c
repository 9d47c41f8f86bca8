/* The keys of this process: whether they are needed, whether they fit. It must not log or print
 * what is secret. */
#include "bus_keys.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "bus.h"
#include "bus_key_files.h"
#include "bus_keyring.h"
#include "config.h"

static struct {
    zcert_t *own; /* NULL: none are loaded */
    struct public_keys listed;
} keys;

/* --- Loading them --- */

__attribute__((format(printf, 1, 2))) static bool mistake(const char *what, ...)
{
    va_list arguments;

    fputs("traction: ", stderr);
    va_start(arguments, what);
    vfprintf(stderr, what, arguments);
    va_end(arguments);
    fputc('\n', stderr);
    bus_keys_close();
    return false;
}

static const struct public_key *find(const char *role)
{
    for (size_t i = 0; i < keys.listed.count; i++)
        if (!strcmp(keys.listed.keys[i].role, role))
            return &keys.listed.keys[i];
    return NULL;
}

bool bus_keys_open(const char *role, struct str secret, const char *list)
{
    char fault[KEY_FAULT_SIZE];
    const char *own;

    bus_start();
    bus_keys_close();
    keys.own = bus_key_pair_read(secret);
    if (!keys.own)
        return mistake("TRACTION_BUS_KEY is not a private key of 64 hexadecimal digits, nor a "
                       "ZeroMQ certificate with both keys (make keys with: traction keys)");
    if (!bus_public_keys_read(&keys.listed, list, fault))
        return mistake("TRACTION_BUS_PUBLIC_KEYS: %s", fault);
    if (!find(role))
        return mistake("TRACTION_BUS_PUBLIC_KEYS: \"%s\" has no key of %s", list, role);
    own = bus_keys_role((struct str){(const char *)zcert_public_key(keys.own), BUS_KEY_SIZE});
    if (!own)
        return mistake("TRACTION_BUS_KEY does not belong to any public key of \"%s\"", list);
    if (strcmp(own, role) != 0)
        return mistake("TRACTION_BUS_KEY is the key of %s, and this is %s", own, role);
    return true;
}

void bus_keys_close(void)
{
    zcert_destroy(&keys.own);
    memset(&keys, 0, sizeof keys);
}

bool bus_keys_loaded(void)
{
    return keys.own != NULL;
}

/* --- Whether they are needed --- */

static bool uses_tcp(void)
{
    static const enum config_key addresses[] = {
        CONFIG_BUS_LISTEN,
#define SERVICE(id, ...) CONFIG_##id##_ENDPOINTS,
#include "services.def"
#undef SERVICE
    };

    for (size_t i = 0; i < sizeof addresses / sizeof *addresses; i++) {
        struct str list = config_text(addresses[i]);
        while (list.data)
            if (str_starts_with(str_cut(&list, ','), STR("tcp://")))
                return true;
    }
    return false;
}

bool bus_keys_configure(const char *role, const char *const *roles, size_t count)
{
    const char *list = config_cstr(CONFIG_BUS_PUBLIC_KEYS);

    if (!uses_tcp() || str_equal(config_text(CONFIG_BUS_CURVE), STR("off")))
        return true;
    if (!config_cstr(CONFIG_BUS_KEY) || !list)
        return mistake("%s is not set, and the bus goes over TCP; make keys with `traction keys`, "
                       "or set TRACTION_BUS_CURVE=off where a mesh encrypts it",
                       list ? "TRACTION_BUS_KEY_FILE" : "TRACTION_BUS_PUBLIC_KEYS");
    if (!bus_keys_open(role, config_text(CONFIG_BUS_KEY), list))
        return false;
    for (size_t i = 0; i < count; i++)
        if (!find(roles[i]))
            return mistake("TRACTION_BUS_PUBLIC_KEYS: \"%s\" has no key of %s", list, roles[i]);
    return true;
}

/* --- Asking for them --- */

const char *bus_keys_role(struct str key)
{
    if (key.size != BUS_KEY_SIZE)
        return NULL;
    for (size_t i = 0; i < keys.listed.count; i++)
        if (!memcmp(keys.listed.keys[i].key, key.data, BUS_KEY_SIZE))
            return keys.listed.keys[i].role;
    return NULL;
}

const uint8_t *bus_keys_public(const char *role)
{
    const struct public_key *listed = find(role);

    return listed ? listed->key : NULL;
}

zcert_t *bus_keys_own(void)
{
    return keys.own;
}
