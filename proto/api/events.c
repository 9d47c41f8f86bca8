/* The field tables of eventsSince and tellConsumed. */
#include "events.h"

#define SEQUENCE_MAX 9007199254740991.0

static const struct field events_query_fields[] = {
    FIELD_AS(events_query, sequence, "pos", .flags = FIELD_REQUIRED, .min = 0, .max = SEQUENCE_MAX,
             .doc = "the last place that the caller has"),
    FIELD(events_query, limit, "limit", .flags = FIELD_REQUIRED, .min = 1, .max = 500,
          .doc = "events in one answer"),
};
const struct model events_query_model = MODEL("EventsQuery", events_query, events_query_fields);

static const struct field consumed_told_fields[] = {
    FIELD(consumed_told, program, "program", .flags = FIELD_REQUIRED, .max = 64,
          .doc = "the program that tells"),
    FIELD_AS(consumed_told, sequence, "pos", .flags = FIELD_REQUIRED, .min = 0, .max = SEQUENCE_MAX,
             .doc = "the last place that it has stored as applied"),
};
const struct model consumed_told_model = MODEL("ConsumedTold", consumed_told, consumed_told_fields);
