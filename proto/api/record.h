/* The fields that every entity has besides its own. */
#ifndef TRACTION_RECORD_H
#define TRACTION_RECORD_H

#include "model.h"

/* Never read from a body: rows for the members created_at, updated_at, created_by, updated_by. */
/* clang-format off */
#define RECORD_FIELDS(type_) \
    FIELD(type_, created_at, "createdAt", .flags = FIELD_READ_ONLY | FIELD_PRESENT, .doc = "when it was created"), \
    FIELD(type_, updated_at, "updatedAt", .flags = FIELD_READ_ONLY | FIELD_PRESENT, .doc = "when it last changed"), \
    FIELD(type_, created_by, "createdBy", .flags = FIELD_READ_ONLY, .doc = "id of the person who created it"), \
    FIELD(type_, updated_by, "updatedBy", .flags = FIELD_READ_ONLY, .doc = "id of the person who last changed it")
/* clang-format on */

#endif
