/* Returns unused heap memory to the system. After a burst of large requests malloc would keep their
 * memory for ever, because it lies between blocks that are still in use. */
#ifndef TRACTION_MEMORY_H
#define TRACTION_MEMORY_H

enum { MEMORY_LOOK_MS = 5000 }; /* a useful interval between calls */

/* Returns free memory to the system when there is much of it: takes milliseconds then, and almost
 * no time otherwise. */
void memory_give_back(void);

#endif
