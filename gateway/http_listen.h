/* A listening TCP socket. */
#ifndef TRACTION_HTTP_LISTEN_H
#define TRACTION_HTTP_LISTEN_H

#include <stdint.h>

/* Binds and listens on a numeric IPv4 or IPv6 address; *bound becomes the port. -1 with errno. */
int http_listen(const char *host, uint16_t port, uint16_t *bound);

#endif
