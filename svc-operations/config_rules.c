/* Whether a type or status is active is changed by its own verbs, which check what uses it. */
#include "config_rules.h"

void config_check_new(struct op *op, bool active, const char *system_name, bool system)
{
    if (op_named(op, "isActive") && !active)
        op_invalid(op, "isActive", "is true of a new one");
    if (system)
        op_invalid(op, system_name, "is false of a tenant's own");
}

void config_check_fixed(struct op *op, bool same_active, const char *system_name, bool same_system)
{
    if (!same_active)
        op_invalid(op, "isActive", "is changed by DELETE and :activate");
    if (!same_system)
        op_invalid(op, system_name, "cannot be changed");
}
