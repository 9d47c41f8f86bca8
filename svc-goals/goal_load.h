/* Rows that several handlers read in the same way, and the small structs that go with their
 * statements. */
#ifndef TRACTION_GOAL_LOAD_H
#define TRACTION_GOAL_LOAD_H

#include "goals.h"
#include "op.h"

/* A parameter or a row that is an id alone. */
struct row_id {
    struct uuid id;
};
extern const struct model row_id_model;

/* A row of a count. */
struct row_count {
    int64_t count;
};
extern const struct model row_count_model;

/* PERSON_NAME */
struct person_key {
    struct str person_id;
};
extern const struct model person_key_model;
struct person_name {
    struct str name;
};
extern const struct model person_name_model;

/* The goal's row, locked until the end of the transaction, with its strategies; one round trip.
 * What belongs to svc-kpis is not filled. */
bool goal_lock(struct op *op, struct uuid id, struct goal *goal);
/* Reads the strategies of a page of goals with one statement. */
bool goals_fill_strategies(struct op *op, struct goal *goals, size_t count);

/* Asks for a person's name; `name` is set (absent when unknown) after the next wait. */
void ask_person(struct op *op, struct str id, struct person_name *name);

/* The same outside the transaction, which must not have begun. */
bool peek_person(struct op *op, struct str id, struct str *name);

/* Where the new thing is: `prefix` and its id. */
struct str location_of(struct op *op, const char *prefix, struct uuid id);

/* The ids of `items`, `stride` bytes apart, whose first member is a struct uuid. */
struct uuids ids_of(struct op *op, const void *items, size_t count, size_t stride);

#endif
