/* Giving keys to sockets. Who has which key is for bus_keys to say. */
#include "bus_curve.h"

#include <errno.h>

#include "bus.h"
#include "bus_keyring.h"
#include "bus_keys.h"

enum { OVERHEAD_MAX = 64 }; /* bytes that encryption adds to a message */

static bool needs_keys(const char *address)
{
    return bus_keys_loaded() && str_starts_with(str_of(address), STR("tcp://"));
}

bool bus_connect(zsock_t *socket, const char *address, const char *service)
{
    const uint8_t *server = bus_keys_public(service);

    if (!needs_keys(address)) {
        zsock_set_plain_server(socket, 0); /* no mechanism */
        return zsock_connect(socket, "%s", address) == 0;
    }
    if (!server) {
        errno = EACCES;
        return false;
    }
    /* An answer may be as large as that before it is encrypted. */
    zsock_set_maxmsgsize(socket, BUS_MESSAGE_MAX + OVERHEAD_MAX);
    zsock_set_curve_serverkey_bin(socket, server);
    zcert_apply(bus_keys_own(), socket);
    return zsock_connect(socket, "%s", address) == 0;
}

bool bus_require_key(zsock_t *socket, const char *endpoint, const char *domain)
{
    if (!needs_keys(endpoint))
        return false;
    zcert_apply(bus_keys_own(), socket);
    zsock_set_curve_server(socket, 1);
    zsock_set_zap_domain(socket, domain);
    return true;
}
