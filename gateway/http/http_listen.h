/* TCP sockets: what libmicrohttpd does not do with them. */
#ifndef TRACTION_HTTP_LISTEN_H
#define TRACTION_HTTP_LISTEN_H

#include <stdbool.h>
#include <stdint.h>

/* Binds and listens on a numeric IPv4 or IPv6 address; *bound becomes the port. -1 with errno. */
int http_listen(const char *host, uint16_t port, uint16_t *bound);
/* A socket that listens already, given by whoever started the process the way systemd does: it
 * stays open while the process is replaced, so nobody who connects meanwhile is refused. -1: none.
 */
int http_inherit(uint16_t *bound);
/* How many bytes the other side has taken since the connection began. */
uint64_t http_bytes_taken(int fd);
/* Ends the connection for both sides, for whoever owns it to close. With `drop` the kernel then
 * forgets what it still has to send, else it would keep that as long as the other side likes. */
void http_hang_up(int fd, bool drop);

#endif
