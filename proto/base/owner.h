/* From a member that is embedded in a struct to the struct. */
#ifndef TRACTION_OWNER_H
#define TRACTION_OWNER_H

#include <stddef.h>

/* OWNER_OF(item, struct task, place): the task whose member `place` the pointer `item` points to.
 */
#define OWNER_OF(pointer, type, member) ((type *)(void *)((char *)(pointer)-offsetof(type, member)))

#endif
