/* What malloc keeps. After a burst of large requests it holds on to their memory, in holes between
 * what is still in use, and would do so for ever. */
#ifndef TRACTION_MEMORY_H
#define TRACTION_MEMORY_H

enum { MEMORY_LOOK_MS = 5000 }; /* how often it is worth a look */

/* Gives free memory back to the system when it is much; costs milliseconds then, else next to
 * nothing. */
void memory_give_back(void);

#endif
