/* The field table of eventsSince. */
#include "events.h"

static const struct field events_query_fields[] = {
    FIELD_AS(events_query, sequence, "pos", .flags = FIELD_REQUIRED, .min = 0,
             .max = 9007199254740991.0, .doc = "the last place that the caller has"),
    FIELD(events_query, limit, "limit", .flags = FIELD_REQUIRED, .min = 1, .max = 500,
          .doc = "events in one answer"),
};
const struct model events_query_model = MODEL("EventsQuery", events_query, events_query_fields);
