/* What types and statuses have in common when they are created and changed. */
#ifndef TRACTION_CONFIG_RULES_H
#define TRACTION_CONFIG_RULES_H

#include "op.h"

/* Whole objects are sent back, so what is fixed may be named, but not with another value. Both
 * gather faults; `system_name` is the field that says whether it is a SYSTEM one. */
void config_check_new(struct op *op, bool active, const char *system_name, bool system);
void config_check_fixed(struct op *op, bool same_active, const char *system_name, bool same_system);

#endif
