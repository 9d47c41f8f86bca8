/* Whether the client of a connection is still there, for requests that take long: libmicrohttpd
 * does not look at a suspended connection. */
#ifndef TRACTION_HTTP_CLIENT_H
#define TRACTION_HTTP_CLIENT_H

#include <stdbool.h>

enum client_end {
    CLIENT_THERE,
    CLIENT_SENDS_NO_MORE, /* it has gone, or only ended its own side and waits for the answer */
    CLIENT_GONE,
};

enum client_end http_client_end(int fd);
/* Sends an interim answer, which every HTTP/1.1 client skips, so that the system of one that has
 * closed its socket refuses it. False when it did not go out whole. */
bool http_client_prod(int fd);

#endif
