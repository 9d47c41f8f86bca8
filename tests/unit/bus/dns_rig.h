/* A DNS server of the tests on a port of 127.0.0.1, which c-ares is made to ask instead of the
 * machine's: one answer for every name, over UDP, or over TCP when it is large. */
#ifndef TRACTION_DNS_RIG_H
#define TRACTION_DNS_RIG_H

#include <arpa/inet.h>
#include <dlfcn.h>
#include <sys/select.h>
#include <sys/socket.h>

#include <ares.h>

#include "bus_rig.h"

enum { DNS_A = 1, DNS_AAAA = 28, DNS_UDP_MAX = 512, DNS_MAX = 8192 };

static struct {
    const char *v4, *v6; /* the addresses, separated by blanks; NULL: there is no such name */
    int silent;          /* so many questions are not answered */
    int asked;           /* for IPv4 addresses */
    int port;
    int udp, tcp, client; /* -1: none */
    struct loop_fd *udp_watch, *tcp_watch, *client_watch;
} dns;

/* Stands before the library's: the same, but for the server, and without the machine's domains. */
int ares_init_options(ares_channel *channel, struct ares_options *options, int optmask)
{
    int (*real)(ares_channel *, struct ares_options *, int);
    char server[32];
    int status;

    *(void **)&real = dlsym(RTLD_NEXT, "ares_init_options");
    options->ndomains = 0;
    status = real(channel, options, optmask | ARES_OPT_DOMAINS);
    if (status != ARES_SUCCESS)
        return status;
    snprintf(server, sizeof server, "127.0.0.1:%d", dns.port);
    return ares_set_servers_ports_csv(*channel, server);
}

static inline void dns_put16(unsigned char *at, size_t value)
{
    at[0] = (unsigned char)(value >> 8);
    at[1] = (unsigned char)value;
}

/* The records of the addresses; their number is in `*count`. */
static inline size_t dns_records(unsigned char *out, int type, size_t *count)
{
    const char *left = type == DNS_A ? dns.v4 : type == DNS_AAAA ? dns.v6 : NULL;
    size_t size = 0, length = type == DNS_A ? 4 : 16;

    for (*count = 0; left && *left; ++*count) {
        char text[64];
        size_t end = strcspn(left, " ");
        static const unsigned char name_class_ttl[] = {0xC0, 12, 0, 0, 0, 1, 0, 0, 0, 5};

        snprintf(text, sizeof text, "%.*s", (int)end, left);
        memcpy(out + size, name_class_ttl, sizeof name_class_ttl);
        dns_put16(out + size + 2, (size_t)type);
        dns_put16(out + size + 10, length);
        ck_assert_int_eq(inet_pton(type == DNS_A ? AF_INET : AF_INET6, text, out + size + 12), 1);
        size += 12 + length;
        left += end + (left[end] == ' ');
    }
    return size;
}

/* The answer's size; 0: none. */
static inline size_t dns_answer(const unsigned char *question, size_t asked_size, size_t max,
                                unsigned char *out)
{
    size_t end = 12, count, size;
    int type;

    while (end < asked_size && question[end])
        end += 1U + question[end];
    end += 5;
    ck_assert_uint_le(end, asked_size);
    type = question[end - 4] << 8 | question[end - 3];
    dns.asked += type == DNS_A;
    if (dns.silent > 0) {
        dns.silent--;
        return 0;
    }
    memcpy(out, question, end);
    size = end + dns_records(out + end, type, &count);
    dns_put16(out + 2, dns.v4 || dns.v6 ? 0x8180 : 0x8183); /* 3: there is no such name */
    dns_put16(out + 6, count);
    memset(out + 8, 0, 4);
    if (size <= max)
        return size;
    dns_put16(out + 2, 0x8380); /* cut off: ask over TCP */
    dns_put16(out + 6, 0);
    return end;
}

static inline void dns_on_udp(void *argument, int events)
{
    unsigned char question[DNS_UDP_MAX], out[DNS_MAX];
    struct sockaddr_in from;
    socklen_t from_size = sizeof from;
    ssize_t got =
        recvfrom(dns.udp, question, sizeof question, 0, (struct sockaddr *)&from, &from_size);
    size_t size = got > 0 ? dns_answer(question, (size_t)got, DNS_UDP_MAX, out) : 0;

    (void)argument;
    (void)events;
    if (size > 0)
        sendto(dns.udp, out, size, 0, (struct sockaddr *)&from, from_size);
}

static inline void dns_end_client(void)
{
    loop_fd_destroy(&dns.client_watch);
    if (dns.client >= 0)
        close(dns.client);
    dns.client = -1;
}

static inline void dns_on_client(void *argument, int events)
{
    unsigned char question[DNS_UDP_MAX], out[DNS_MAX];
    ssize_t got = recv(dns.client, question, sizeof question, 0);

    (void)argument;
    (void)events;
    if (got <= 2) {
        dns_end_client();
        return;
    }
    for (size_t at = 0; at + 2 < (size_t)got;) { /* both questions may have come together */
        size_t length = (size_t)question[at] << 8 | question[at + 1];
        size_t size = dns_answer(question + at + 2, length, DNS_MAX - 2, out + 2);
        dns_put16(out, size);
        if (size > 0)
            ck_assert_int_gt(send(dns.client, out, size + 2, MSG_NOSIGNAL), 0);
        at += 2 + length;
    }
}

static inline void dns_on_tcp(void *argument, int events)
{
    (void)argument;
    (void)events;
    dns_end_client();
    dns.client = accept(dns.tcp, NULL, NULL);
    dns.client_watch = loop_fd_new(loop, dns.client, LOOP_READ, dns_on_client, NULL);
}

static inline void dns_set_up(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t size = sizeof address;

    rig_set_up();
    dns.client = -1;
    dns.tcp = socket(AF_INET, SOCK_STREAM, 0);
    dns.udp = socket(AF_INET, SOCK_DGRAM, 0);
    ck_assert_int_eq(bind(dns.tcp, (struct sockaddr *)&address, size), 0);
    ck_assert_int_eq(listen(dns.tcp, 8), 0);
    ck_assert_int_eq(getsockname(dns.tcp, (struct sockaddr *)&address, &size), 0);
    ck_assert_int_eq(bind(dns.udp, (struct sockaddr *)&address, size), 0);
    dns.port = ntohs(address.sin_port);
    dns.udp_watch = loop_fd_new(loop, dns.udp, LOOP_READ, dns_on_udp, NULL);
    dns.tcp_watch = loop_fd_new(loop, dns.tcp, LOOP_READ, dns_on_tcp, NULL);
}

static inline void dns_tear_down(void)
{
    dns_end_client();
    loop_fd_destroy(&dns.udp_watch);
    loop_fd_destroy(&dns.tcp_watch);
    close(dns.udp);
    close(dns.tcp);
    rig_tear_down();
}

#endif
