/* The limits of a subscription, as one closed list (limits.def). */
#ifndef TRACTION_LIMIT_H
#define TRACTION_LIMIT_H

#include "config.h"
#include "status.h"

enum limit_kind {
#define LIMIT(name, ...) LIMIT_##name,
#include "limits.def"
#undef LIMIT
    LIMIT_COUNT
};
enum { LIMIT_NONE = -1 }; /* unlimited */

struct limit_row {
    const char *claim;       /* "goals": its name in the token's limits */
    const char *alias;       /* another name there, or NULL */
    enum status reached;     /* what a request beyond it is answered */
    enum config_key setting; /* the deployment's, for tokens without the claim */
};
extern const struct limit_row limit_rows[LIMIT_COUNT];

#endif
