/* Whether the client of a connection is still connected, for requests that take long: libmicrohttpd
 * does not watch a suspended connection. */
#ifndef TRACTION_HTTP_CLIENT_H
#define TRACTION_HTTP_CLIENT_H

#include <stdbool.h>

/* It has closed or reset the connection, or shut down its own side, which looks the same. */
bool http_client_disconnected(int fd);

#endif
