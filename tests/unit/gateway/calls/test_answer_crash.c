/* The answer that the gateway's crash leaves to its client: a listener that crashes while it
 * serves, in a process of its own. */
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "answer.h"
#include "crash.h"
#include "suite.h"

static bool on_head(void *argument, struct exchange *exchange)
{
    (void)argument;
    (void)exchange;
    return false;
}

static void crash(void *argument, struct exchange *exchange)
{
    static struct call call;

    (void)argument;
    call.exchange = exchange;
    call.origin = STR("http://localhost:3000");
    call.log.request_id = exchange->head.fields[HEAD_REQUEST_ID];
    call.log.operation = STR("getGoals");
    log_use(&call.log);
    raise(SIGSEGV);
}

static void serve(int port_pipe)
{
    struct loop *loop = loop_new();
    struct str bad;
    struct http_config config = {.host = "127.0.0.1",
                                 .connections_max = 16,
                                 .trusted = networks_new(STR_NONE, &bad),
                                 .body_max = 1000,
                                 .header_ms = 5000,
                                 .body_ms = 5000,
                                 .idle_ms = 5000,
                                 .head = on_head,
                                 .arrived = crash};
    struct http *http = http_new(loop, &config);
    uint16_t port = http_port(http);

    signal(SIGSEGV, SIG_DFL);
    dup2(open("/dev/null", O_WRONLY), STDERR_FILENO);
    crash_open();
    crash_then(answer_crashed, NULL);
    ck_assert_int_eq(write(port_pipe, &port, sizeof port), sizeof port);
    loop_run(loop);
}

START_TEST(answers_who_asked)
{
    static const char request[] =
        "GET /goals HTTP/1.1\r\nHost: a\r\nX-Request-Id: r-7\r\nConnection: keep-alive\r\n\r\n";
    struct sockaddr_in address = {.sin_family = AF_INET};
    char answer[4096] = "";
    size_t size = 0;
    int ends[2], status;
    uint16_t port;
    ssize_t got;

    ck_assert_int_eq(pipe(ends), 0);
    pid_t pid = fork();
    if (pid == 0) {
        serve(ends[1]);
        _exit(0);
    }
    ck_assert_int_eq(read(ends[0], &port, sizeof port), sizeof port);
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    ck_assert_int_eq(connect(fd, (struct sockaddr *)(void *)&address, sizeof address), 0);
    ck_assert_int_eq(send(fd, request, sizeof request - 1, 0), sizeof request - 1);
    while ((got = recv(fd, answer + size, sizeof answer - 1 - size, 0)) > 0)
        size += (size_t)got;
    ck_assert_int_eq(got, 0);
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    ck_assert(suite_died_of(status, SIGSEGV));
    ck_assert_msg(strncmp(answer, "HTTP/1.1 503 ", 13) == 0, "%s", answer);
    ck_assert_ptr_nonnull(strstr(answer, "\r\nX-Request-Id: r-7\r\n"));
    ck_assert_ptr_nonnull(
        strstr(answer, "\r\nAccess-Control-Allow-Origin: http://localhost:3000\r\n"));
    const char *body = strstr(answer, "\r\n\r\n{\"success\":false,\"error\":\"");
    ck_assert_ptr_nonnull(body);
    ck_assert_ptr_nonnull(strstr(body, "\"code\":\"SERVICE_UNAVAILABLE\",\"requestId\":\"r-7\"}"));
    char length[40];
    snprintf(length, sizeof length, "\r\nContent-Length: %zu\r\n", strlen(body + 4));
    ck_assert_ptr_nonnull(strstr(answer, length));
}
END_TEST

SUITE_MAIN("answer_crash", answers_who_asked)
