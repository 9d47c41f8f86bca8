/* Returns free heap memory to the system by glibc's malloc_trim. */
#include "memory.h"

#include <malloc.h>

enum { SPARE_BYTES = 32 << 20 };

void memory_give_back(void)
{
    if (mallinfo2().fordblks > SPARE_BYTES)
        malloc_trim(0);
}
