/* At a call's head: which operation is meant, who calls, and whether they may. */
#ifndef TRACTION_ADMIT_H
#define TRACTION_ADMIT_H

#include "call.h"

struct gateway;

/* The call of an exchange. The log's context is its own from now on. */
struct call *admit_new(struct gateway *gateway, struct exchange *exchange);
/* Notes in call->refusal what is wrong. Answers whether the body is wanted. */
bool admit(struct call *call);
/* Of a call that lacks its key, and whose body is there: who calls, and whether they may. */
void admit_again(struct call *call);
/* Notes it; `text` absent: the status's sentence. Always false. */
bool admit_refuse(struct call *call, enum status status, struct str text);
bool admit_is_options(const struct call *call);

#endif
