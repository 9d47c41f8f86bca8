/* Catches what a test makes the code write to standard error. */
#ifndef TRACTION_CAPTURE_H
#define TRACTION_CAPTURE_H

#include <stddef.h>

void capture_start(void);
/* Puts standard error back; answers what was written, NUL-terminated, to be freed by the caller.
 * `size` may be NULL. */
char *capture_stop(size_t *size);

#endif
