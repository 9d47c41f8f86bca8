/* Allocation that aborts instead of failing; memory is returned by glibc's malloc_trim. */
#include "memory.h"

#include <malloc.h>
#include <stdlib.h>
#include <string.h>

enum {
    SPARE_BYTES = 32 << 20,
    KEPT_BYTES = 8 << 20,  /* freed at the heap's end: more than one large answer needs */
    MAPPED_BYTES = 4 << 20 /* from so many on, memory is not the heap's */
};

static void *checked(void *memory)
{
    if (!memory)
        abort();
    return memory;
}

void *xmalloc(size_t size)
{
    return checked(malloc(size > 0 ? size : 1));
}

void *xcalloc(size_t count, size_t size)
{
    return checked(calloc(count > 0 ? count : 1, size > 0 ? size : 1));
}

void *xrealloc(void *memory, size_t size)
{
    return checked(realloc(memory, size > 0 ? size : 1));
}

char *xstrdup(const char *text)
{
    return checked(strdup(text));
}

char *xstrndup(const char *text, size_t size)
{
    return checked(strndup(text, size));
}

void memory_set_up(void)
{
    mallopt(M_TRIM_THRESHOLD, KEPT_BYTES);
    mallopt(M_MMAP_THRESHOLD, MAPPED_BYTES);
}

void memory_give_back(void)
{
    if (mallinfo2().fordblks > SPARE_BYTES)
        malloc_trim(0);
}
