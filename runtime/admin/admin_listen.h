/* The listening socket of an admin port: made here, or taken over from whoever started the process.
 */
#ifndef TRACTION_ADMIN_LISTEN_H
#define TRACTION_ADMIN_LISTEN_H

#include <stdint.h>

/* A listening socket, closed on exec; -1 with *what that went wrong, and errno EADDRINUSE when
 * something else listens there. */
int admin_listen(const char *host, uint16_t port, const char **what);

/* The socket named "admin" of those that this process was given as systemd would give them
 * (LISTEN_PID, LISTEN_FDS, LISTEN_FDNAMES); -1 when there is none. */
int admin_inherit(void);

#endif
