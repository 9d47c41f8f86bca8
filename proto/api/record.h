/* The fields that every entity has besides its own. */
#ifndef TRACTION_RECORD_H
#define TRACTION_RECORD_H

#include "model.h"

/* clang-format off */
#define RECORD_LIST \
    int64_t version; /* counts changes, from 1; for ETag */ \
    struct timestamp created_at, updated_at; \
    struct str created_by, updated_by; /* ids of people */

/* The members of an entity: goal.version and the others, and all of them as goal.record. */
#define RECORD_MEMBERS union { struct record record; struct { RECORD_LIST }; }
/* clang-format on */

struct record {
    RECORD_LIST
};

/* The first version, and one more. */
void record_create(struct record *record, struct timestamp now, struct str user_id);
void record_change(struct record *record, struct timestamp now, struct str user_id);

/* Never read from a body: rows for the members created_at, updated_at, created_by, updated_by. */
/* clang-format off */
#define RECORD_FIELDS(type_) \
    FIELD(type_, created_at, "createdAt", .flags = FIELD_READ_ONLY | FIELD_PRESENT, .doc = "when it was created"), \
    FIELD(type_, updated_at, "updatedAt", .flags = FIELD_READ_ONLY | FIELD_PRESENT | FIELD_NOTED, .doc = "when it last changed"), \
    FIELD(type_, created_by, "createdBy", .flags = FIELD_READ_ONLY, .doc = "id of the person who created it"), \
    FIELD(type_, updated_by, "updatedBy", .flags = FIELD_READ_ONLY | FIELD_NOTED, .doc = "id of the person who last changed it")
/* clang-format on */

#endif
