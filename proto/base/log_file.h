/* The log in a file, rotated by size: a full one is renamed to <path>.1, the previous one to
 * <path>.2, and so on; the oldest is deleted. Standard error is redirected to that file, so that
 * output of libraries and crash handlers is in it, too. */
#ifndef TRACTION_LOG_FILE_H
#define TRACTION_LOG_FILE_H

#include <stdbool.h>
#include <stddef.h>

enum { LOG_FILE_MAX = 10 << 20, LOG_FILES_KEPT = 5 };

/* Makes standard error that file, appending; the path is kept, not copied. False: errno says why.
 */
bool log_file_open(const char *path);
/* To be called before `size` bytes are written: rotates when they would not fit. Does nothing
 * without log_file_open. */
void log_file_make_room(size_t size);

#endif
