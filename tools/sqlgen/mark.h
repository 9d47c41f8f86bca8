/* "goal except a b" behind "-- fills:" and the like. */
#ifndef SQLGEN_MARK_H
#define SQLGEN_MARK_H

#include "scan.h"

/* NULL when it was read, else what is wrong with it. The mark is to be freed in either case. */
const char *mark_read(struct scan_mark *mark, const char *line, size_t left);
void mark_free(struct scan_mark *mark);

#endif
