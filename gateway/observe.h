/* What the gateway's admin listener says. */
#ifndef TRACTION_OBSERVE_H
#define TRACTION_OBSERVE_H

#include "admin.h"
#include "gateway.h"

/* NULL with a log line when it cannot listen. */
struct admin *observe(struct gateway *gateway);

#endif
