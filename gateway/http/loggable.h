/* The parts of a request that may be written into a log. Callers put tokens where none belongs: in
 * a path, as `%3Faccess_token=` or encoded twice, instead of the method, as a request id. So only
 * text that cannot be a token is written, instead of searching for tokens. */
#ifndef TRACTION_LOGGABLE_H
#define TRACTION_LOGGABLE_H

#include "head.h"

/* The path, in which `*` stands for each segment that is more than a word or an id. Absent for a
 * head with a fault: its first line may be anything. */
struct str loggable_path(struct arena *arena, const struct head *head);
/* A method of HTTP; `*` for any other word. */
struct str loggable_method(const struct head *head);
/* Whether a text has the look of a JSON Web Token. */
bool loggable_is_token(struct str text);

#endif
