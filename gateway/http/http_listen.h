/* Operations on TCP sockets that libmicrohttpd does not have. */
#ifndef TRACTION_HTTP_LISTEN_H
#define TRACTION_HTTP_LISTEN_H

#include <stdbool.h>
#include <stdint.h>

/* Binds and listens on a numeric IPv4 or IPv6 address; *bound becomes the port. -1 with errno. */
int http_listen(const char *host, uint16_t port, uint16_t *bound);
/* The listening socket passed by the parent process in systemd's way: it stays open while the
 * process is replaced, so no connection is refused meanwhile. -1: none. */
int http_inherit(uint16_t *bound);
/* From now on the kernel discards every SYN that comes for the listening socket. A client sends it
 * again after a second, and is refused once the socket is closed. Handshakes under way are
 * completed. Not for an inherited socket, which its other owner listens on, too. */
void http_refuse(int fd);
/* How many bytes the other side has taken since the connection began. */
uint64_t http_bytes_taken(int fd);
/* Shuts the connection down in both directions; its owner closes it. With `drop` the kernel then
 * discards unsent data, which it would otherwise keep until the other side takes it. */
void http_hang_up(int fd, bool drop);

#endif
