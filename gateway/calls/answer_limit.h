/* Answers that would be larger than TRACTION_MAX_ANSWER. */
#ifndef TRACTION_ANSWER_LIMIT_H
#define TRACTION_ANSWER_LIMIT_H

#include "call.h"

/* By what the caller could have asked for less, as it spelled that: a page's size, or a list of ids
 * in the body; absent where there is no such thing. */
struct str answer_limit_field(struct call *call);

#endif
