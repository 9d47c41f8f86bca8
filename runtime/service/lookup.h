/* Small structs that go with the statements of all services, and what handlers everywhere do with
 * ids and people. */
#ifndef TRACTION_LOOKUP_H
#define TRACTION_LOOKUP_H

#include "op.h"

/* A parameter or a row that is an id alone. */
struct row_id {
    struct uuid id;
};
extern const struct model row_id_model;

/* A parameter of several ids. */
struct row_ids {
    struct uuids ids;
};
extern const struct model row_ids_model;

/* A row of a count. */
struct row_count {
    int64_t count;
};
extern const struct model row_count_model;

struct person_name {
    struct str name;
};

/* Asks for a person's name; `name` is set (absent when unknown) after the next wait. */
void queue_person(struct op *op, struct str id, struct person_name *name);
/* The same at once and outside the transaction, which must not have begun. */
bool person_read_unlocked(struct op *op, struct str id, struct str *name);

/* Applies person.updated, of which svc-goals is the source: the name is known from here on. */
void person_told(struct op *op, const struct event *event);

/* The goal of the path; not being there is the goal's fault, whatever the operation is about. */
bool path_goal(struct op *op, struct uuid *id);

/* Where the new thing is: `prefix` and its id. */
struct str location_of(struct op *op, const char *prefix, struct uuid id);

/* So many new ones. */
struct uuids ids_new(struct arena *arena, size_t count);

/* The ids of `items`, `stride` bytes apart, whose first member is a struct uuid. */
struct uuids ids_of(struct arena *arena, const void *items, size_t count, size_t stride);

#endif
