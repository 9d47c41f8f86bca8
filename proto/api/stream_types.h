/* The events that streams show: each type, its entity, and the model of the data that clients get.
 * Events of other types, and fields that the model does not have, are internal and reach no stream.
 */
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

/* Appends the value with the fields of the model only. */
void stream_data_pack(struct buffer *out, const struct model *model, const struct value *value);

#endif
