/* Other addresses of the same operations, by rules in place of rows: before every path may stand
 * "/api"; "/issues" and "/actions" are what "/operations/issues" and "/operations/actions" are; and
 * where a path says "kpis" it may say "measures", unless an operation has that path for its own.
 * What is about a KPI's plan (OPERATION_PLANS) has in place of "/kpis/{id}" also
 * "/shared-kpis/{id}", "/kpi-planning/kpis/{id}", and "/kpi-links/{linkId}" with the id of one of
 * the KPI's links; where an operation has the path with "/measures/{id}" for its own, that one has
 * the address of links. */
#ifndef TRACTION_ADDRESS_H
#define TRACTION_ADDRESS_H

#include "arena.h"
#include "operation.h"
#include "str.h"

/* What is said otherwise than in the shortest form of the operation's own words. */
enum address_form {
    ADDRESS_API = 1,       /* "/api" before it */
    ADDRESS_SHORT = 2,     /* without "/operations" */
    ADDRESS_MEASURES = 4,  /* "measures" for "kpis" */
    ADDRESS_SHARED = 8,    /* "/shared-kpis" for "/kpis" */
    ADDRESS_PLANNING = 16, /* "/kpi-planning" before "/kpis" */
    ADDRESS_LINK = 32,     /* "/kpi-links" and a link's id */
};

/* Without the "/api" that may stand before it; paths may be those of operations or of resources. */
struct str address_bare(struct str path);

/* A bare path without "/operations"; absent where it needs that. */
struct str address_short(struct str bare);

/* The bare path of an operation of a KPI's plan in one of its other forms: ADDRESS_SHARED,
 * ADDRESS_PLANNING or ADDRESS_LINK. Absent where it has none. */
struct str address_planned(struct arena *arena, const struct operation *operation, unsigned form);

/* Whether another operation has this one's path in words of measures for its own, with another
 * method. */
bool address_beside_own(struct arena *arena, const struct operation *operation);

/* A fixed segment with "measures" for "kpis" ("measures:link"); absent where it says no such word.
 */
struct str address_twin(struct arena *arena, struct str segment);

/* The path in the form, which counts where it can. A path of ADDRESS_LINK names the link itself. */
struct str address_spell(struct arena *arena, struct str path, unsigned form);

/* The operation's addresses besides its path, without "/api"; answers how many there are. */
enum { ADDRESSES_MAX = 8 };
size_t address_others(struct arena *arena, const struct operation *operation,
                      struct str others[ADDRESSES_MAX]);

#endif
