/* Files that are read once, at the start. */
#ifndef TRACTION_STATIC_FILE_H
#define TRACTION_STATIC_FILE_H

#include "arena.h"
#include "str.h"

/* A whole file of at most 8 MiB, into the arena; absent, with a log line, when it cannot be had or
 * is empty. */
struct str static_file_read(struct arena *arena, const char *folder, const char *name);

#endif
