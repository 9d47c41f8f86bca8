/* Preloaded by the test of `traction soak` (tests/soak/test): svc-kpis has a mebibyte and an open
 * file more every second. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void *leak(void *argument)
{
    for (;; sleep(1)) {
        char *part = malloc(1 << 20);
        if (part)
            memset(part, 1, 1 << 20);
        (void)open("/dev/null", O_RDONLY);
    }
    return argument;
}

__attribute__((constructor)) static void begin(void)
{
    pthread_t thread;
    if (!strcmp(program_invocation_short_name, "svc-kpis"))
        pthread_create(&thread, NULL, leak, NULL);
}
