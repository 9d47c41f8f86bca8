/* One event: a change of one entity, with the entity's data after the change, so that consumers
 * need not ask for it. One msgpack map; readers ignore unknown keys. */
#ifndef TRACTION_EVENT_H
#define TRACTION_EVENT_H

#include <stdbool.h>
#include <stdint.h>

#include "arena.h"
#include "str.h"
#include "timestamp.h"
#include "uuid.h"

struct event {
    struct uuid id;  /* of the event itself */
    struct str type; /* "goal.updated" */
    struct str tenant;
    struct uuid entity;
    int64_t version;     /* of the entity after the change */
    struct timestamp at; /* to the millisecond */
    struct str user_id;
    struct str user_name;  /* as in the token; absent when it had none */
    struct str request_id; /* absent when no request led to it */
    struct str data;       /* packed value */
    struct str changes;    /* packed map {field: [before, after]}; absent when it is not known */
    struct str must;       /* names of the programs that must understand the type, separated by
                              commas; absent when none must */
    bool snapshot;         /* no change: the entity as it is, of a snapshot. History must not be
                              made of it */
};

/* Appends one packed event to `out`. */
void event_pack(struct buffer *out, const struct event *event);

/* Validates and reads; the struct points into `packed`. False for anything malformed, or without
 * id, type, tenant, entity, time and data. */
bool event_unpack(struct arena *arena, struct str packed, struct event *event);

/* Whether `program` must understand its type. */
bool event_must_be_understood(const struct event *event, const char *program);

#endif
