/* The process's ZeroMQ context, which czmq keeps, and where a service is unless configured
 * otherwise. It must not know what the frames mean. */
#include "bus.h"

#include <assert.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>

#include "bus_czmq.h"

enum { SOCKETS_MAX = 8192 };

static bool started, ended;

void bus_start(void)
{
    if (started)
        return;
    assert(!ended);
    started = true;
    zsys_handler_set(NULL); /* signals are the loop's */
    zsys_set_io_threads(1);
    zsys_set_max_sockets(SOCKETS_MAX);
    /* What fails is logged by us; czmq's lines would go to standard output. */
    zsys_set_logstream(NULL);
}

/* A signal would interrupt the end of the context, which czmq does not try again. */
void bus_shutdown(void)
{
    sigset_t all, before;

    if (!started)
        return;
    started = false;
    ended = true;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    zsys_shutdown();
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

const char *bus_default_endpoint(const char *bus_dir, const char *service, char *text, size_t size)
{
    int length = snprintf(text, size, "ipc://%s/%s.sock", bus_dir, service);

    return length > 0 && (size_t)length < size ? text : NULL;
}
