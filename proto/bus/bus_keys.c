/* Reading keys. It must not log or print what is secret. */
#include "bus_keys.h"

#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <zmq.h>

#include "config.h"

enum { ROLE_MOST = 32, LISTED_MOST = 64, LINE_MOST = 200, Z85_SIZE = 41 };

struct listed {
    char role[ROLE_MOST];
    uint8_t key[BUS_KEY_SIZE];
};

static struct {
    bool loaded;
    uint8_t secret[BUS_KEY_SIZE], key[BUS_KEY_SIZE];
    struct listed listed[LISTED_MOST];
    size_t count;
} keys;

/* --- Reading them --- */

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

static bool key_read(struct str text, uint8_t *key)
{
    if (text.size != (size_t)2 * BUS_KEY_SIZE)
        return false;
    for (size_t i = 0; i < text.size; i += 2) {
        int high = hex_digit(text.data[i]), low = hex_digit(text.data[i + 1]);
        if (high < 0 || low < 0)
            return false;
        key[i / 2] = (uint8_t)(high << 4 | low);
    }
    return true;
}

/* "svc-goals 0123...": a role may have several keys; the first is the one it is connected to by. */
static bool line_read(char *line)
{
    struct listed *listed = &keys.listed[keys.count];
    struct str key = {.data = line, .size = strcspn(line, "\r\n")};
    struct str role = str_cut(&key, ' ');

    if (role.size == 0)
        return true;
    if (keys.count == LISTED_MOST || role.size >= ROLE_MOST || !key_read(key, listed->key))
        return false;
    memcpy(listed->role, role.data, role.size);
    listed->role[role.size] = '\0';
    keys.count++;
    return true;
}

static bool list_read(const char *path)
{
    FILE *file = fopen(path, "re");
    char line[LINE_MOST];
    int number = 0;
    bool good = true;

    if (!file)
        return mistake("TRACTION_BUS_PUBLIC_KEYS: \"%s\" cannot be read: %s", path,
                       strerror(errno));
    while (good && fgets(line, sizeof line, file)) {
        number++;
        good = line_read(line);
    }
    fclose(file);
    return good || mistake("TRACTION_BUS_PUBLIC_KEYS: line %d of \"%s\" is not a role and a public "
                           "key of 64 hexadecimal digits",
                           number, path);
}

static const struct listed *find(const char *role)
{
    for (size_t i = 0; i < keys.count; i++)
        if (!strcmp(keys.listed[i].role, role))
            return &keys.listed[i];
    return NULL;
}

/* The public key that belongs to the secret one. */
static bool derive(void)
{
    char secret[Z85_SIZE], key[Z85_SIZE];

    return zmq_z85_encode(secret, keys.secret, BUS_KEY_SIZE) && !zmq_curve_public(key, secret) &&
           zmq_z85_decode(keys.key, key);
}

bool bus_keys_open(const char *role, struct str secret, const char *list)
{
    const char *own;

    bus_keys_close();
    if (!key_read(secret, keys.secret) || !derive())
        return mistake("TRACTION_BUS_KEY is not a private key of 64 hexadecimal digits (make keys "
                       "with: traction keys)");
    if (!list_read(list))
        return false;
    if (!find(role))
        return mistake("TRACTION_BUS_PUBLIC_KEYS: \"%s\" has no key of %s", list, role);
    own = bus_keys_role((struct str){(const char *)keys.key, BUS_KEY_SIZE});
    if (!own)
        return mistake("TRACTION_BUS_KEY does not belong to any public key of \"%s\"", list);
    if (strcmp(own, role) != 0)
        return mistake("TRACTION_BUS_KEY is the key of %s, and this is %s", own, role);
    keys.loaded = true;
    return true;
}

void bus_keys_close(void)
{
    memset(&keys, 0, sizeof keys);
}

bool bus_keys_loaded(void)
{
    return keys.loaded;
}

/* --- Whether they are needed --- */

static bool uses_tcp(void)
{
    static const enum config_key addresses[] = {
        CONFIG_BUS_LISTEN,           CONFIG_GOALS_ENDPOINTS,     CONFIG_KPIS_ENDPOINTS,
        CONFIG_OPERATIONS_ENDPOINTS, CONFIG_ANALYTICS_ENDPOINTS, CONFIG_REALTIME_ENDPOINTS};

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
    for (size_t i = 0; i < keys.count; i++)
        if (!memcmp(keys.listed[i].key, key.data, BUS_KEY_SIZE))
            return keys.listed[i].role;
    return NULL;
}

const uint8_t *bus_keys_public(const char *role)
{
    const struct listed *listed = role ? find(role) : NULL;

    return listed ? listed->key : role ? NULL : keys.key;
}

const uint8_t *bus_keys_secret(void)
{
    return keys.secret;
}
