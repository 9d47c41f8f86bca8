/* Heap memory: allocation that does not fail, and returning unused memory to the system. After a
 * burst of large requests malloc would keep their memory for ever, because it lies between blocks
 * that are still in use. */
#ifndef TRACTION_MEMORY_H
#define TRACTION_MEMORY_H

#include <stddef.h>

/* As malloc, calloc, realloc, strdup and strndup, but never NULL: without memory the process
 * aborts. Inputs are bounded, so that is a fault of the program or of the machine. */
void *xmalloc(size_t size);
void *xcalloc(size_t count, size_t size);
void *xrealloc(void *memory, size_t size);
char *xstrdup(const char *text);
char *xstrndup(const char *text, size_t size);

enum { MEMORY_LOOK_MS = 5000 }; /* a useful interval between calls */

/* Before anything is allocated: what is freed stays with the process for a while. Otherwise each
 * large answer would get the same pages from the system again, which clears them first. */
void memory_set_up(void);

/* Returns free memory to the system when there is much of it: takes milliseconds then, and almost
 * no time otherwise. */
void memory_give_back(void);

#endif
