/* How much a statement may read whose rows have texts of any length. It is set by bounded_rows.h,
 * never by clients. */
#ifndef TRACTION_ROW_LIMITS_H
#define TRACTION_ROW_LIMITS_H

#include "model.h"

/* Part of the statement's input struct, as its member `limits`. */
struct row_limits {
    int64_t max_bytes; /* of the rows' texts together */
    int64_t max_rows;  /* of a statement that counts no bytes: each row has its part of max_bytes */
};

/* clang-format off */
#define ROW_LIMITS_COLUMNS(type_) \
    {.column = "max_bytes", .name = "max_bytes", .type = FIELD_INT, .offset = offsetof(struct type_, limits.max_bytes), \
     .flags = FIELD_INTERNAL}, \
    {.column = "max_rows", .name = "max_rows", .type = FIELD_INT, .offset = offsetof(struct type_, limits.max_rows), \
     .flags = FIELD_INTERNAL}
/* clang-format on */

#endif
