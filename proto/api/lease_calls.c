/* The field tables of leases, and what their tags are. */
#include "lease_calls.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

static const struct field lease_holder_fields[] = {
    FIELD(lease_holder, holder, "holder", .flags = FIELD_PRESENT,
          .doc = "chosen by the process when it registers"),
    FIELD(lease_holder, ends, "ends", .doc = "whether it holds no lease any more"),
};
const struct model lease_holder_model = MODEL("LeaseHolder", lease_holder, lease_holder_fields);

static const struct field lease_state_fields[] = {
    FIELD(lease_state, renewed, "renewed", .doc = "false: not at this moment"),
    FIELD(lease_state, held, "held", .doc = "false: it was revoked"),
    FIELD(lease_state, epoch, "epoch",
          .doc = "moves when something has changed that the holders were not told of"),
};
const struct model lease_state_model = MODEL("LeaseState", lease_state, lease_state_fields);

static const struct field invalidation_fields[] = {
    FIELD(invalidation, tags, "tags", .flags = FIELD_REQUIRED,
          .doc = "of what has changed: an array of integers; empty: everything"),
};
const struct model invalidation_model = MODEL("Invalidation", invalidation, invalidation_fields);

uint64_t invalidation_tag(struct str name)
{
    return XXH3_64bits(name.data, name.size);
}
