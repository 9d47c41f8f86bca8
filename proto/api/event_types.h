/* Every type of event (events.def): who publishes it, what it is about, what of its data is for
 * clients, and which streams show it. */
#ifndef TRACTION_EVENT_TYPES_H
#define TRACTION_EVENT_TYPES_H

#include "model.h"
#include "services.h"

/* EVENT_GOAL_CREATED is "goal.created", and so on. */
#define EVENT(id, ...) extern const char EVENT_##id[];
#include "events.def"
#undef EVENT

enum event_streams { STREAM_NONE, STREAM_TENANT, STREAM_LAST, STREAM_FEED };

struct event_type {
    const char *type;    /* "goal.updated" */
    enum service source; /* SERVICE_EVERY: of any */
    const char *entity;  /* entityType: of what entityId is the id; NULL when clients see none */
    const struct model *model; /* of the data; likewise */
    enum event_streams streams;
    unsigned must; /* who must understand it: a set of 1 << service */
};

extern const struct event_type *const event_types;
extern const size_t event_type_count;

/* NULL when this program does not know it. */
const struct event_type *event_type_find(struct str type);

/* Whether `pattern`, a type or the beginning of some ("goal.*"), means `type`. */
bool event_type_matches(struct str pattern, struct str type);

#endif
