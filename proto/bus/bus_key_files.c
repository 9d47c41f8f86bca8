/* Reading keys from files and texts. It must not log or print what is secret. */
#define _DEFAULT_SOURCE /* scandir */
#include "bus_key_files.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "memory.h"

enum { FILE_SIZE = 32 << 10, PATH_SIZE = 1300, Z85_SIZE = 41 };

static bool read_hex(struct str text, uint8_t *key)
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

/* The tree of a certificate that has `item`; NULL when the text does not. What is obviously none is
 * not shown to czmq, which would print a complaint. */
static zconfig_t *certificate(const char *text, const char *item)
{
    return strstr(text, item) ? zconfig_str_load(text) : NULL;
}

/* zcert_load() would take any 40 characters for a key. */
static bool read_item(zconfig_t *root, const char *path, uint8_t *key)
{
    const char *text = zconfig_get(root, path, "");

    return strlen(text) == Z85_SIZE - 1 && zmq_z85_decode(key, text);
}

/* --- Pairs --- */

static zcert_t *pair_of_secret(const uint8_t *secret)
{
    char secret_text[Z85_SIZE], public_text[Z85_SIZE];
    uint8_t key[BUS_KEY_SIZE];

    if (!zmq_z85_encode(secret_text, secret, BUS_KEY_SIZE) ||
        zmq_curve_public(public_text, secret_text) != 0 || !zmq_z85_decode(key, public_text))
        return NULL;
    return zcert_new_from(key, secret);
}

static zcert_t *pair_of_certificate(struct str text)
{
    uint8_t secret[BUS_KEY_SIZE], key[BUS_KEY_SIZE];
    char *copy = xstrndup(text.data, text.size);
    zconfig_t *root = certificate(copy, "secret-key");
    zcert_t *pair = NULL;

    free(copy);
    if (root && read_item(root, "/curve/secret-key", secret) &&
        read_item(root, "/curve/public-key", key))
        pair = pair_of_secret(secret);
    zconfig_destroy(&root);
    if (pair && memcmp(zcert_public_key(pair), key, BUS_KEY_SIZE) != 0)
        zcert_destroy(&pair);
    return pair;
}

zcert_t *bus_key_pair_read(struct str text)
{
    uint8_t secret[BUS_KEY_SIZE];

    return read_hex(text, secret) ? pair_of_secret(secret) : pair_of_certificate(text);
}

/* --- Public keys --- */

static bool add_key(struct public_keys *keys, struct str role, const uint8_t *key)
{
    struct public_key *added = &keys->keys[keys->count];

    if (keys->count == KEYS_MAX || role.size == 0 || role.size >= sizeof added->role)
        return false;
    memcpy(added->role, role.data, role.size);
    added->role[role.size] = '\0';
    memcpy(added->key, key, BUS_KEY_SIZE);
    keys->count++;
    return true;
}

/* "svc-goals 0123..." */
static bool read_line(struct public_keys *keys, struct str line)
{
    struct str role = str_cut(&line, ' ');
    uint8_t bytes[BUS_KEY_SIZE];

    if (line.size > 0 && line.data[line.size - 1] == '\r')
        line.size--;
    return role.size == 0 || (read_hex(line, bytes) && add_key(keys, role, bytes));
}

static bool read_list(struct public_keys *keys, const char *text, const char *path, char *fault)
{
    struct str left = str_of(text);

    for (int number = 1; left.data; number++) {
        if (read_line(keys, str_cut(&left, '\n')))
            continue;
        snprintf(fault, KEY_FAULT_SIZE,
                 "line %d of \"%s\" is not a role and a public key of 64 hexadecimal digits, and "
                 "the file is no ZeroMQ certificate",
                 number, path);
        return false;
    }
    return true;
}

static bool read_certificate(struct public_keys *keys, zconfig_t *root, const char *path,
                             char *fault)
{
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    struct str role = {name, strcspn(name, ".")};
    uint8_t key[BUS_KEY_SIZE];

    if (read_item(root, "/curve/public-key", key) && add_key(keys, role, key))
        return true;
    snprintf(fault, KEY_FAULT_SIZE, "\"%s\" is no ZeroMQ certificate that is named after a role",
             path);
    return false;
}

static bool read_file(struct public_keys *keys, const char *path, char *fault)
{
    FILE *file = fopen(path, "re");
    char text[FILE_SIZE];
    size_t size = file ? fread(text, 1, sizeof text - 1, file) : 0;

    if (!file || ferror(file)) {
        snprintf(fault, KEY_FAULT_SIZE, "\"%s\" cannot be read: %s", path, strerror(errno));
        if (file)
            fclose(file);
        return false;
    }
    fclose(file);
    text[size] = '\0';
    zconfig_t *root = certificate(text, "public-key");
    bool good =
        root ? read_certificate(keys, root, path, fault) : read_list(keys, text, path, fault);
    zconfig_destroy(&root);
    return good;
}

static int is_shown(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

bool bus_public_keys_read(struct public_keys *keys, const char *path, char *fault)
{
    struct dirent **entries;
    struct stat status;
    char file[PATH_SIZE];
    bool good = true;
    int count;

    keys->count = 0;
    if (stat(path, &status) != 0 || !S_ISDIR(status.st_mode))
        return read_file(keys, path, fault);
    count = scandir(path, &entries, is_shown, alphasort);
    if (count < 0) {
        snprintf(fault, KEY_FAULT_SIZE, "\"%s\" cannot be read: %s", path, strerror(errno));
        return false;
    }
    for (int i = 0; i < count; i++) {
        snprintf(file, sizeof file, "%s/%s", path, entries[i]->d_name);
        good = good && read_file(keys, file, fault);
        free(entries[i]);
    }
    free(entries);
    return good;
}
