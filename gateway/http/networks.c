/* Compares the first bits. Resolves no names. */
#include "networks.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "memory.h"
#include "trim.h"

enum { BITS = 128, BITS_V4 = 32, MAPPED_BITS = BITS - BITS_V4, CLIENT_BITS = 64, TEXT_MAX = 64 };

struct network {
    struct address address;
    int bits;
    struct network *next;
};

struct networks {
    struct network *first;
};

static const unsigned char mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};

static struct address of_v4(const void *four)
{
    struct address address;

    memcpy(address.bytes, mapped, sizeof mapped);
    memcpy(address.bytes + sizeof mapped, four, 4);
    return address;
}

struct address address_of(const struct sockaddr *socket_address)
{
    union {
        struct sockaddr_in four;
        struct sockaddr_in6 six;
    } of;
    struct address address = {{0}};

    if (socket_address && socket_address->sa_family == AF_INET) {
        memcpy(&of.four, socket_address, sizeof of.four);
        return of_v4(&of.four.sin_addr);
    }
    if (socket_address && socket_address->sa_family == AF_INET6) {
        memcpy(&of.six, socket_address, sizeof of.six);
        memcpy(address.bytes, &of.six.sin6_addr, sizeof address.bytes);
    }
    return address;
}

struct address address_of_client(struct address address)
{
    if (memcmp(address.bytes, mapped, sizeof mapped) != 0)
        memset(address.bytes + CLIENT_BITS / 8, 0, sizeof address.bytes - CLIENT_BITS / 8);
    return address;
}

static bool read_bits(struct str text, int max, int *bits)
{
    int64_t number = max;

    if (text.data && (text.size > 3 || !str_to_int64(text, &number) || number < 0 || number > max))
        return false;
    *bits = (int)number;
    return true;
}

static bool read_network(struct str text, struct network *network)
{
    char host[TEXT_MAX];
    struct str name = str_cut(&text, '/');
    struct in_addr four;

    if (name.size >= sizeof host)
        return false;
    memcpy(host, name.data, name.size);
    host[name.size] = '\0';
    if (inet_pton(AF_INET, host, &four) == 1) {
        network->address = of_v4(&four);
        bool valid = read_bits(text, BITS_V4, &network->bits);
        network->bits += MAPPED_BITS;
        return valid;
    }
    return inet_pton(AF_INET6, host, network->address.bytes) == 1 &&
           read_bits(text, BITS, &network->bits);
}

struct networks *networks_new(struct str list, struct str *bad)
{
    struct networks *networks = xcalloc(1, sizeof *networks);

    while (list.data) {
        struct network *network = xcalloc(1, sizeof *network);
        struct str part = trim(str_cut(&list, ','));
        network->next = networks->first;
        networks->first = network;
        if (read_network(part, network))
            continue;
        *bad = part;
        networks_destroy(&networks);
        return NULL;
    }
    return networks;
}

void networks_destroy(struct networks **networks)
{
    struct networks *old = *networks;

    if (!old)
        return;
    while (old->first) {
        struct network *network = old->first;
        old->first = network->next;
        free(network);
    }
    free(old);
    *networks = NULL;
}

static bool begins_alike(const unsigned char *a, const unsigned char *b, int bits)
{
    int bytes = bits / 8, rest = bits % 8;

    return memcmp(a, b, (size_t)bytes) == 0 &&
           (rest == 0 || ((a[bytes] ^ b[bytes]) & (0xFF00 >> rest & 0xFF)) == 0);
}

bool networks_contain(const struct networks *networks, struct address address)
{
    for (const struct network *network = networks->first; network; network = network->next)
        if (begins_alike(network->address.bytes, address.bytes, network->bits))
            return true;
    return false;
}
