/* The listening socket of an admin port: opened here, or inherited from the parent process. */
#ifndef TRACTION_ADMIN_LISTEN_H
#define TRACTION_ADMIN_LISTEN_H

#include <stdint.h>

/* A listening socket, closed on exec. -1 on failure: *what is the step that failed, and errno is
 * EADDRINUSE when another socket listens there. */
int admin_listen(const char *host, uint16_t port, const char **what);

/* The socket named "admin" among those passed to this process in systemd's way (LISTEN_PID,
 * LISTEN_FDS, LISTEN_FDNAMES); -1 when there is none. */
int admin_inherit(void);

#endif
