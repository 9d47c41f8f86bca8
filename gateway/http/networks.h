/* Addresses, and lists of addresses and networks as operators write them: "10.0.0.0/8, 192.0.2.7,
 * fd00::/8". IPv4 is treated as the part ::ffff:0:0/96 of IPv6, so that a listener for both sees
 * one client under one address. */
#ifndef TRACTION_NETWORKS_H
#define TRACTION_NETWORKS_H

#include <stdbool.h>

#include "str.h"

struct sockaddr;

struct address {
    unsigned char bytes[16]; /* in network order */
};

/* Zeros for what is neither IPv4 nor IPv6. */
struct address address_of(const struct sockaddr *socket_address);
/* What one client may choose among: of IPv6 the first 64 bits. */
struct address address_of_client(struct address address);

struct networks;

/* NULL when a part of the list is no address and no network: `*bad` is that part. An absent list
 * holds none. */
struct networks *networks_new(struct str list, struct str *bad);
void networks_destroy(struct networks **networks);
bool networks_contain(const struct networks *networks, struct address address);

#endif
