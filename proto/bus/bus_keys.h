/* Identities on the bus: this process's key pair and the public keys of every role, for CURVE over
 * TCP. Unix sockets need no keys: there the permissions of the files protect. The list is read
 * once, at the start. */
#ifndef TRACTION_BUS_KEYS_H
#define TRACTION_BUS_KEYS_H

#include <stdbool.h>
#include <stddef.h>

#include "str.h"

enum { BUS_KEY_SIZE = 32 };

/* By TRACTION_BUS_*: loads keys when an address of the bus is a tcp one and CURVE is not switched
 * off. `role` is this process's; each of `roles` has to be in the list. False with one line on
 * standard error when something is missing or does not match. */
bool bus_keys_configure(const char *role, const char *const *roles, size_t count);

/* The same, with the text of the private key and the path of the public ones, both as
 * bus_key_files.h reads them. */
bool bus_keys_open(const char *role, struct str secret, const char *list);
/* Forgets them. */
void bus_keys_close(void);
bool bus_keys_loaded(void);

/* The role of a public key of BUS_KEY_SIZE bytes; NULL when it is not listed. The text lives until
 * bus_keys_close. */
const char *bus_keys_role(struct str key);

#endif
