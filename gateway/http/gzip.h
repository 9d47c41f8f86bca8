/* Compressed answers. */
#ifndef TRACTION_GZIP_H
#define TRACTION_GZIP_H

#include <stdbool.h>

#include "arena.h"
#include "str.h"

/* Whether an Accept-Encoding takes gzip. */
bool gzip_accepted(struct str accept_encoding);
/* Absent when the text would not become smaller. */
struct str gzip_text(struct arena *arena, struct str text);

#endif
