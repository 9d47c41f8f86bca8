/* The SYSTEM issue types and statuses: the same in every tenant, with the same ids, never changed.
 */
#ifndef TRACTION_SYSTEM_CONFIG_H
#define TRACTION_SYSTEM_CONFIG_H

#include "issue_config.h"

enum { SYSTEM_TYPES = 7, SYSTEM_STATUSES = 11 };

/* Number `i` of them, as a tenant sees it that has chosen nothing else. */
struct issue_type system_type(size_t i);
struct issue_status system_status(size_t i);

/* False when the id is no SYSTEM one's. */
bool system_type_find(struct uuid id, struct issue_type *type);
bool system_status_find(struct uuid id, struct issue_status *status);

/* Those of a category. */
struct uuids system_status_ids(struct arena *arena, enum status_category category);

/* What issues get when nothing is said: General and Open. */
struct uuid system_type_general(void);
struct uuid system_status_open(void);

/* Statuses that issues get by verbs. */
enum system_status { SYSTEM_IN_PROGRESS = 2, SYSTEM_RESOLVED = 7, SYSTEM_CLOSED = 8 };
struct uuid system_status_of(enum system_status status);

#endif
