/* What the fuzz targets share. Each is a program of its own, built with libFuzzer, that hands bytes
 * to one parser and checks what must hold whatever they are; the sanitizers check the rest. */
#ifndef TRACTION_FUZZ_H
#define TRACTION_FUZZ_H

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "str.h"

/* Not assert: it says which input, and stays whatever the build. */
#define MUST(condition)   \
    do {                  \
        if (!(condition)) \
            abort();      \
    } while (0)

/* libFuzzer's own names. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerInitialize(int *argc, char ***argv);

/* The input as a block of exactly its size, so that one byte too many is seen. Freed by the caller.
 */
static inline struct str fuzz_exact(const uint8_t *data, size_t size)
{
    char *copy = malloc(size > 0 ? size : 1);

    MUST(copy);
    if (size > 0)
        memcpy(copy, data, size);
    return (struct str){copy, size};
}

#endif
