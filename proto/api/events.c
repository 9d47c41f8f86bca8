/* The field tables of the operations by which events are read. */
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

static const struct field snapshot_tenants_query_fields[] = {
    FIELD(snapshot_tenants_query, after, "after", .max = 128,
          .doc = "the last tenant that the caller has"),
    FIELD(snapshot_tenants_query, max, "max", .flags = FIELD_REQUIRED, .min = 1, .max = 1000,
          .doc = "tenants in one answer"),
};
const struct model snapshot_tenants_query_model =
    MODEL("SnapshotTenantsQuery", snapshot_tenants_query, snapshot_tenants_query_fields);

static const struct field entities_query_fields[] = {
    FIELD(entities_query, kind, "kind", .flags = FIELD_REQUIRED, .max = 64,
          .doc = "what is wanted"),
    FIELD(entities_query, id, "id", .doc = "the last one that the caller has"),
    FIELD(entities_query, place, "place", .min = 0, .max = SEQUENCE_MAX,
          .doc = "the last one that the caller has, of kinds that need it"),
    COLUMN(entities_query, max),
    COLUMN(entities_query, max_bytes),
};
const struct model entities_query_model =
    MODEL("EntitiesQuery", entities_query, entities_query_fields);
