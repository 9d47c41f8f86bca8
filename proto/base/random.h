/* Random bytes for ids. One thread takes them. */
#ifndef TRACTION_RANDOM_H
#define TRACTION_RANDOM_H

#include <stddef.h>
#include <stdint.h>

enum { RANDOM_MOST = 16 };

/* `size` bytes of getrandom(2), at most RANDOM_MOST; valid until the next call. */
const uint8_t *random_take(size_t size);

#endif
