/* The files that keys come in: ZeroMQ certificates (ZPL, as zcert and other tools write them), and
 * those of release 1.0.0. Private to the bus. */
#ifndef TRACTION_BUS_KEY_FILES_H
#define TRACTION_BUS_KEY_FILES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bus_czmq.h"
#include "bus_keys.h"

enum { KEY_ROLE_SIZE = 32, KEYS_MAX = 64, KEY_FAULT_SIZE = 1400 };

struct public_key {
    char role[KEY_ROLE_SIZE];
    uint8_t key[BUS_KEY_SIZE];
};

struct public_keys {
    struct public_key keys[KEYS_MAX];
    size_t count;
};

/* The key pair of a certificate that has both keys, or of the 64 hexadecimal digits of a private
 * one. NULL when it is neither, or when the keys of the pair do not belong to each other. */
zcert_t *bus_key_pair_read(struct str text);

/* The public keys of `path`. It is a folder of certificates, in the order of their names, of which
 * each begins with the role and a dot; or one file. A file that is no certificate is a list with a
 * role and a key of 64 hexadecimal digits in each line. False with the reason in `fault`, of
 * KEY_FAULT_SIZE bytes. */
bool bus_public_keys_read(struct public_keys *keys, const char *path, char *fault);

#endif
