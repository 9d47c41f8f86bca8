/* What the files of model/ share about one field. Nobody else includes this. */
#ifndef TRACTION_FIELD_H
#define TRACTION_FIELD_H

#include <stdbool.h>
#include <stddef.h>

#include "model.h"

enum { ARRAY_MAX = 1000, ITEM_MAX = 1000, FIELD_ERRORS_MAX = 1000 };

/* The most fields a table may have: a decoded body remembers what it saw in one uint64_t. */
enum { FIELDS_MAX = 64 };

static inline void *field_member(const struct field *field, void *target)
{
    return (char *)target + field->offset;
}

/* What errors call a field that the caller did not name. */
static inline struct str field_request_name(const struct field *field)
{
    return str_of(field->request_name ? field->request_name : field->name);
}

/* The path of a value, for errors: a linked list built while descending, formatted only when there
 * is an error. */
struct field_path {
    const struct field_path *above; /* NULL at the top */
    struct str name;                /* as the caller spelled it */
    size_t index;                   /* of the item, or NO_INDEX */
};
#define NO_INDEX SIZE_MAX

struct str field_path_text(struct arena *arena, const struct field_path *path);

/* The index of the field that `name` means, or -1. Fields with one of the `hidden` flags are not
 * found. The search begins at `hint`, because callers mostly name fields in table order. */
int field_find(const struct model *model, struct str name, unsigned hidden, size_t hint);

bool field_is_absent(const struct field *field, const void *source);

/* The rules below add an error for `place` and answer false, or store the value. */

/* Text, uuid, time, month and enum from text. */
bool field_store_text(struct field_errors *errors, const struct field_path *path,
                      const struct field *field, struct str text, void *member);
/* Whether two texts are the same value of the field, however it is spelled. */
bool field_same_text(struct arena *arena, const struct field *field, struct str a, struct str b);
bool field_store_int(struct field_errors *errors, const struct field_path *path,
                     const struct field *field, int64_t number, int64_t *member);
bool field_store_double(struct field_errors *errors, const struct field_path *path,
                        const struct field *field, double number, double *member);
/* One item of a FIELD_TEXTS; an enum's name is stored as the table spells it. */
bool field_store_item(struct field_errors *errors, const struct field_path *path,
                      const struct field *field, struct str text, struct str *item);
/* The count of an array's items. */
bool field_check_count(struct field_errors *errors, const struct field_path *path,
                       const struct field *field, size_t count);
/* As it stands in an answer. */
void field_pack(struct buffer *out, const struct field *field, const void *member);
/* Bytes of the value as JSON without blanks. */
size_t field_json_size(const struct value *value);
/* Adds what a number must be: "must be a whole number from 1 to 4". */
bool field_fault_number(struct field_errors *errors, const struct field_path *path,
                        const struct field *field);

#endif
