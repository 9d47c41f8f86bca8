/* Whether the client of a connection is still there, for requests that take long: libmicrohttpd
 * does not look at a suspended connection. */
#ifndef TRACTION_HTTP_CLIENT_H
#define TRACTION_HTTP_CLIENT_H

#include <stdbool.h>

/* It has closed or reset the connection, or ended its own side of it, which is not told apart. */
bool http_client_gone(int fd);

#endif
