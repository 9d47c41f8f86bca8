/* Shared by the tests of keys: generated keys and their list, a port, and strangers: sockets of a
 * separate context, as another process would have them. */
#ifndef TRACTION_CURVE_RIG_H
#define TRACTION_CURVE_RIG_H

#include <arpa/inet.h>
#include <fcntl.h>
#include <stdint.h>
#include <sys/socket.h>

#include <zmq.h>

#include "bus_keys.h"
#include "bus_rig.h"

struct key_pair {
    uint8_t secret[BUS_KEY_SIZE], key[BUS_KEY_SIZE];
    char secret_text[2 * BUS_KEY_SIZE + 1], key_text[2 * BUS_KEY_SIZE + 1];
};

enum { OURS, GATEWAY, OTHER, UNLISTED, KEY_PAIRS };

static struct key_pair pairs[KEY_PAIRS];
static const char *const pair_roles[UNLISTED] = {"svc-test", "gateway", "svc-other"};
static char list_path[80];
static void *strangers; /* their context */
static int port;

static inline void curve_text(const uint8_t *bytes, char *text)
{
    for (size_t i = 0; i < BUS_KEY_SIZE; i++)
        snprintf(text + 2 * i, 3, "%02x", bytes[i]);
}

static inline void curve_write_list(const char *beginning)
{
    FILE *file = fopen(list_path, "w");

    ck_assert_ptr_nonnull(file);
    fputs(beginning, file);
    for (size_t i = 0; i < UNLISTED; i++)
        fprintf(file, "%s %s\n", pair_roles[i], pairs[i].key_text);
    fclose(file);
}

/* Keys for everybody; the process is "svc-test" from now on. */
static inline void curve_set_up(void)
{
    char secret[41], key[41];

    rig_set_up();
    snprintf(list_path, sizeof list_path, "%s/keys", folder);
    for (size_t i = 0; i < KEY_PAIRS; i++) {
        ck_assert_int_eq(zmq_curve_keypair(key, secret), 0);
        zmq_z85_decode(pairs[i].secret, secret);
        zmq_z85_decode(pairs[i].key, key);
        curve_text(pairs[i].secret, pairs[i].secret_text);
        curve_text(pairs[i].key, pairs[i].key_text);
    }
    curve_write_list("");
    ck_assert(bus_keys_open("svc-test", str_of(pairs[OURS].secret_text), list_path));
    strangers = zmq_ctx_new();
}

static inline void curve_tear_down(void)
{
    zmq_ctx_term(strangers);
    unlink(list_path);
    rig_tear_down();
}

/* A port of 127.0.0.1 that is free now. */
static inline void curve_find_port(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t size = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    ck_assert_int_eq(bind(fd, (struct sockaddr *)&address, size), 0);
    ck_assert_int_eq(getsockname(fd, (struct sockaddr *)&address, &size), 0);
    port = ntohs(address.sin_port);
    close(fd);
}

static inline const char *curve_endpoint(void)
{
    static char text[64];

    snprintf(text, sizeof text, "tcp://127.0.0.1:%d", port);
    return text;
}

/* A stranger's socket with the key of `own`, who takes the server for the one of `server`; -1: no
 * keys at all. */
static inline void *curve_stranger(int type, int own, int server)
{
    void *socket = zmq_socket(strangers, type);
    int linger = 0;

    zmq_setsockopt(socket, ZMQ_LINGER, &linger, sizeof linger);
    if (own >= 0) {
        zmq_setsockopt(socket, ZMQ_CURVE_SERVERKEY, pairs[server].key, BUS_KEY_SIZE);
        zmq_setsockopt(socket, ZMQ_CURVE_PUBLICKEY, pairs[own].key, BUS_KEY_SIZE);
        zmq_setsockopt(socket, ZMQ_CURVE_SECRETKEY, pairs[own].secret, BUS_KEY_SIZE);
    }
    if (type == ZMQ_SUB)
        zmq_setsockopt(socket, ZMQ_SUBSCRIBE, "", 0);
    ck_assert_int_eq(zmq_connect(socket, curve_endpoint()), 0);
    return socket;
}

static inline void curve_send_request(void *stranger)
{
    struct arena *arena = arena_new();
    struct buffer out = buffer_in(arena, 256);
    struct request request = {.correlation = 1,
                              .remaining_ms = 5000,
                              .tenant = STR("t"),
                              .operation = STR("test"),
                              .if_version = -1};

    request_pack(&out, &request);
    zmq_send(stranger, out.data, out.size, ZMQ_DONTWAIT);
    arena_destroy(&arena);
}

/* A plain connection, which does not block. */
static inline int curve_raw(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)port),
                                  .sin_addr = {htonl(INADDR_LOOPBACK)}};
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    ck_assert_int_eq(connect(fd, (struct sockaddr *)&address, sizeof address), 0);
    fcntl(fd, F_SETFL, O_NONBLOCK);
    return fd;
}

#endif
