/* Answers that would be larger than TRACTION_MAX_ANSWER, and what large ones take. */
#ifndef TRACTION_ANSWER_LIMIT_H
#define TRACTION_ANSWER_LIMIT_H

#include "call.h"

/* By what the caller could have asked for less, as it spelled that: a page's size, or a list of ids
 * in the body; absent where there is no such thing. */
struct str answer_limit_field(struct call *call);
/* Room for the answer until the client has it, before its JSON is made; else the refusal. What was
 * done already is answered in any case. */
enum status answer_limit_hold(struct call *call, const struct reply *reply);

#endif
