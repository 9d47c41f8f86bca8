/* The log in a file of its own, which is kept within a size: a full one becomes <path>.1, the one
 * before <path>.2, and so on; the oldest goes. Standard error is that file, so that what libraries
 * and crash handlers write is in it, too. */
#ifndef TRACTION_LOG_FILE_H
#define TRACTION_LOG_FILE_H

#include <stdbool.h>
#include <stddef.h>

enum { LOG_FILE_MOST = 10 << 20, LOG_FILES_KEPT = 5 };

/* Makes standard error that file, appending; the path is kept, not copied. False: errno says why.
 */
bool log_file_open(const char *path);
/* Before so many bytes are written. Nothing without log_file_open. */
void log_file_make_room(size_t size);

#endif
