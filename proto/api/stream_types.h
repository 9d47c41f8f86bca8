/* What streams show: each type of event, what it is about, and what of its data is for clients. An
 * event of another type, and a field that the table of its data does not have, is between services
 * and reaches no stream. */
#ifndef TRACTION_STREAM_TYPES_H
#define TRACTION_STREAM_TYPES_H

#include "model.h"

struct stream_type {
    const char *type;          /* "goal.updated" */
    const char *entity;        /* entityType: of what entityId is the id */
    const struct model *model; /* of the data */
    bool of_feed;              /* what a goal's stream shows unless asked otherwise */
};

extern const struct stream_type *const stream_types; /* ends with a NULL type */

/* NULL when streams do not show it. */
const struct stream_type *stream_type_find(struct str type);

/* Whether `wish`, a type or the beginning of some ("goal.*"), means `type`. */
bool stream_type_meant(struct str wish, struct str type);

/* Appends the value with what the table has of it. */
void stream_data_pack(struct buffer *out, const struct model *model, const struct value *value);

#endif
