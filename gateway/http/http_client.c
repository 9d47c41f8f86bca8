/* Reads the TCP state from the kernel and nothing from the socket, so pipelined data of the client
 * does not hide a disconnect. */
#define _DEFAULT_SOURCE /* TCP_INFO's struct */

#include "http_client.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>

bool http_client_disconnected(int fd)
{
    struct tcp_info info;
    socklen_t size = sizeof info;

    memset(&info, 0, sizeof info);
    return getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &size) == 0 &&
           (info.tcpi_state == TCP_CLOSE || info.tcpi_state == TCP_CLOSE_WAIT);
}
