/* They come in bulk: a system call for each id would cost more than the rest of it. */
#include "random.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/random.h>

enum { POOL_SIZE = 2000 };

const uint8_t *random_take(size_t size)
{
    static uint8_t pool[POOL_SIZE];
    static size_t used = sizeof pool;

    assert(size <= RANDOM_MOST);
    if (size > sizeof pool - used) {
        for (size_t filled = 0; filled < sizeof pool;) {
            ssize_t got = getrandom(pool + filled, sizeof pool - filled, 0);
            if (got < 0 && errno != EINTR)
                abort(); /* no ids without randomness */
            if (got > 0)
                filled += (size_t)got;
        }
        used = 0;
    }
    const uint8_t *bytes = pool + used;
    used += size;
    return bytes;
}
