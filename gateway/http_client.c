/* Asks the kernel what it knows of the other end; nothing is read from the socket. A closed socket
 * and one whose owner only ended its own direction say the same (FIN), until something is sent. */
#define _DEFAULT_SOURCE /* TCP_INFO's struct */

#include "http_client.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>

enum client_end http_client_end(int fd)
{
    struct tcp_info info;
    socklen_t size = sizeof info;

    memset(&info, 0, sizeof info);
    if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &size) != 0)
        return CLIENT_THERE; /* nothing is known */
    return info.tcpi_state == TCP_CLOSE        ? CLIENT_GONE
           : info.tcpi_state == TCP_CLOSE_WAIT ? CLIENT_SENDS_NO_MORE
                                               : CLIENT_THERE;
}

bool http_client_prod(int fd)
{
    static const char text[] = "HTTP/1.1 100 Continue\r\n\r\n";

    return send(fd, text, sizeof text - 1, MSG_NOSIGNAL | MSG_DONTWAIT) == sizeof text - 1;
}
