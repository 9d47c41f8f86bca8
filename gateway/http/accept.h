/* Content negotiation (RFC 9110, 12.5.1) between two types. */
#ifndef TRACTION_ACCEPT_H
#define TRACTION_ACCEPT_H

#include <stdbool.h>

#include "str.h"

/* Whether an Accept field asks for `type` rather than for `other`: with a greater weight, or with
 * the same and by name instead of by a wildcard. */
bool accept_prefers(struct str accept, struct str type, struct str other);

#endif
