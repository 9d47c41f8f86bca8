/* Attacks the bus at one port, for so many seconds, in one way:
 *
 *   bus_attack garbage|half-open|plain HOST PORT SECONDS
 *   bus_attack bomb|flood HOST PORT SECONDS SECRET SERVER-KEY
 *   bus_attack ask HOST PORT SECONDS SECRET SERVER-KEY OPERATION TENANT
 *
 * The last sends one request and waits for the answer. Keys are in Z85; "new" as SECRET is a key of
 * its own, which nobody has listed. Prints "sent N answered N CODE". */
#include <netdb.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include <zmq.h>

#include "envelope.h"
#include "timestamp.h"

enum { KEY_SIZE = 32, Z85_SIZE = 41, OPENED_MAX = 64, PAUSE_MS = 2 };

static struct {
    const char *host, *port;
    int64_t until_us;
    uint8_t own[KEY_SIZE], secret[KEY_SIZE], server[KEY_SIZE];
    const char *operation, *tenant;
    void *context;
    long sent, answered;
    char code[40];
} attack;

static void pause_ms(long ms)
{
    struct timespec time = {.tv_nsec = ms * 1000 * 1000};

    nanosleep(&time, NULL);
}

static bool goes_on(void)
{
    return monotonic_us() < attack.until_us;
}

/* --- Plain connections --- */

static int open_connection(void)
{
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *found;
    struct timeval patience = {.tv_usec = 20 * 1000};
    int fd;

    if (getaddrinfo(attack.host, attack.port, &hints, &found) != 0)
        exit(EXIT_FAILURE);
    fd = socket(found->ai_family, found->ai_socktype, 0);
    if (connect(fd, found->ai_addr, found->ai_addrlen) != 0) {
        close(fd);
        fd = -1;
    }
    freeaddrinfo(found);
    if (fd >= 0)
        setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    return fd;
}

static void garbage(void)
{
    unsigned char bytes[65536];

    while (goes_on()) {
        int fd = open_connection();
        for (size_t i = 0; i < sizeof bytes; i++)
            bytes[i] = (unsigned char)rand();
        if (attack.sent % 2)
            bytes[0] = 0xff; /* as ZeroMQ's greeting begins */
        attack.sent += fd >= 0 && send(fd, bytes, sizeof bytes, MSG_NOSIGNAL) > 0;
        pause_ms(PAUSE_MS);
        if (fd >= 0)
            close(fd);
    }
}

/* Connections that stop in the middle: of nothing, of the greeting, after it, of a huge command. */
static void half_open(void)
{
    static const unsigned char begun[80] = {0xff, 0,   0,   0,   0,   0,        0, 0, 1, 0x7f, 3, 0,
                                            'C',  'U', 'R', 'V', 'E', [64] = 6, 0, 0, 0, 0,    1};
    static const size_t sizes[] = {0, 20, 64, 80};
    int open[OPENED_MAX];
    size_t count = 0;

    while (goes_on()) {
        if (count == OPENED_MAX)
            close(open[--count]);
        open[count] = open_connection();
        if (open[count] >= 0)
            attack.sent += send(open[count], begun, sizes[attack.sent % 4], MSG_NOSIGNAL) >= 0;
        count += open[count] >= 0;
        pause_ms(PAUSE_MS);
    }
    while (count > 0)
        close(open[--count]);
}

/* --- As peers --- */

static void *connect_peer(bool keys)
{
    void *socket = zmq_socket(attack.context, ZMQ_DEALER);
    char address[200];
    int no_linger = 0;

    zmq_setsockopt(socket, ZMQ_LINGER, &no_linger, sizeof no_linger);
    if (keys) {
        zmq_setsockopt(socket, ZMQ_CURVE_SERVERKEY, attack.server, KEY_SIZE);
        zmq_setsockopt(socket, ZMQ_CURVE_PUBLICKEY, attack.own, KEY_SIZE);
        zmq_setsockopt(socket, ZMQ_CURVE_SECRETKEY, attack.secret, KEY_SIZE);
    }
    snprintf(address, sizeof address, "tcp://%s:%s", attack.host, attack.port);
    if (zmq_connect(socket, address) != 0)
        exit(EXIT_FAILURE);
    return socket;
}

static void send_request(void *socket)
{
    struct arena *arena = arena_new();
    struct buffer out = buffer_in(arena, 512);
    struct request request = request_for(str_of(attack.operation));

    request.correlation = 1;
    request.remaining_ms = 5000;
    request.tenant = str_of(attack.tenant);
    request.user = STR("mallory");
    request.user_name = STR("Mallory");
    request_pack(&out, &request);
    attack.sent += zmq_send(socket, out.data, out.size, ZMQ_DONTWAIT) >= 0;
    arena_destroy(&arena);
}

static void receive(void *socket, int wait_ms)
{
    struct arena *arena = arena_new();
    struct reply reply;
    zmq_msg_t message;

    zmq_msg_init(&message);
    zmq_setsockopt(socket, ZMQ_RCVTIMEO, &wait_ms, sizeof wait_ms);
    while (zmq_msg_recv(&message, socket, 0) >= 0) {
        struct str bytes = {zmq_msg_data(&message), zmq_msg_size(&message)};
        attack.answered++;
        if (reply_unpack(arena, bytes, &reply))
            snprintf(attack.code, sizeof attack.code, STR_FMT, STR_ARG(reply.code));
        wait_ms = 0;
        zmq_setsockopt(socket, ZMQ_RCVTIMEO, &wait_ms, sizeof wait_ms);
    }
    zmq_msg_close(&message);
    arena_destroy(&arena);
}

/* Handshake after handshake, each with requests behind it. */
static void handshakes(bool keys)
{
    while (goes_on()) {
        void *socket = connect_peer(keys);
        for (int i = 0; i < 10; i++)
            send_request(socket);
        receive(socket, 20);
        zmq_close(socket);
    }
}

static void plain(void)
{
    handshakes(false);
}

static void flood(void)
{
    handshakes(true);
}

/* What claims to be more than it is, by who has a key. */
static void bomb(void)
{
    static const char *const bombs[] = {"\xdd\xff\xff\xff\xff", "\xdf\xff\xff\xff\xff",
                                        "\xc6\xff\xff\xff\xff", "\x81\xa1\x62\xdd\x7f\xff\xff",
                                        "\xdb\x7f\xff\xff\xff"};
    void *socket = connect_peer(true);
    char nested[65536];

    memset(nested, 0x91, sizeof nested);
    while (goes_on()) {
        for (size_t i = 0; i < sizeof bombs / sizeof *bombs; i++)
            attack.sent += zmq_send(socket, bombs[i], strlen(bombs[i]), ZMQ_DONTWAIT) >= 0;
        attack.sent += zmq_send(socket, nested, sizeof nested, ZMQ_DONTWAIT) >= 0;
        receive(socket, PAUSE_MS);
    }
    zmq_close(socket);
}

static void ask(void)
{
    void *socket = connect_peer(true);

    send_request(socket);
    while (goes_on() && attack.answered == 0)
        receive(socket, 50);
    zmq_close(socket);
}

/* --- Beginning --- */

/* Keys are given as certificates have them. */
static void take_keys(const char *secret, const char *server)
{
    char own_text[Z85_SIZE], secret_text[Z85_SIZE];

    if (strcmp(secret, "new") == 0)
        zmq_curve_keypair(own_text, secret_text);
    else
        snprintf(secret_text, sizeof secret_text, "%s", secret);
    if (!zmq_z85_decode(attack.server, server) || !zmq_z85_decode(attack.secret, secret_text) ||
        zmq_curve_public(own_text, secret_text) != 0 || !zmq_z85_decode(attack.own, own_text))
        exit(EXIT_FAILURE);
}

int main(int count, char **arguments)
{
    static const struct {
        const char *name;
        int arguments;
        void (*run)(void);
    } ways[] = {{"garbage", 5, garbage}, {"half-open", 5, half_open}, {"plain", 5, plain},
                {"bomb", 7, bomb},       {"flood", 7, flood},         {"ask", 9, ask}};

    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        if (count != ways[i].arguments || strcmp(arguments[1], ways[i].name) != 0)
            continue;
        attack.host = arguments[2];
        attack.port = arguments[3];
        attack.until_us = monotonic_us() + strtol(arguments[4], NULL, 10) * 1000 * 1000;
        attack.operation = count > 8 ? arguments[7] : "getGoals";
        attack.tenant = count > 8 ? arguments[8] : "compose";
        attack.context = zmq_ctx_new();
        if (count > 5)
            take_keys(arguments[5], arguments[6]);
        ways[i].run();
        zmq_ctx_term(attack.context);
        printf("sent %ld answered %ld %s\n", attack.sent, attack.answered, attack.code);
        return 0;
    }
    fputs("usage: see the head of bus_attack.c\n", stderr);
    return 2;
}
