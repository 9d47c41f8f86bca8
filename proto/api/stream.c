/* Field tables of the tenant's stream. */
#include "stream.h"

static const struct field query_fields[] = {
    FIELD(stream_query, tenant, "tenant", .doc = "the same as X-Tenant-Id, for EventSource"),
    FIELD(stream_query, last_event_id, "lastEventId",
          .doc = "the same as Last-Event-ID, for EventSource"),
    FIELD(stream_query, types, "types", .most = 50, .item_most = 50,
          .doc =
              "only events of these types, by commas: goal.updated, or goal.* for all that begin "
              "so; a goal's stream shows changes of the goal, its strategies and links only when "
              "they are named here",
          .example = "[\"activity.created\", \"goal.*\"]"),
};
const struct model stream_query_model = MODEL("StreamQuery", stream_query, query_fields);

static const struct field entry_fields[] = {
    FIELD(stream_entry, place, "place"),    FIELD(stream_entry, type, "type"),
    FIELD(stream_entry, goal_id, "goalId"), FIELD(stream_entry, shown, "shown"),
    FIELD(stream_entry, data, "data"),
};
const struct model stream_entry_model = MODEL("StreamEntry", stream_entry, entry_fields);

static const struct field read_fields[] = {
    FIELD(stream_read, epoch, "epoch"),
    FIELD(stream_read, after, "after"),
    FIELD(stream_read, goal_id, "goalId"),
    FIELD(stream_read, most, "most", .flags = FIELD_REQUIRED, .least = 1, .most = 500),
};
const struct model stream_read_model = MODEL("StreamRead", stream_read, read_fields);

static const struct field page_fields[] = {
    FIELD(stream_page, epoch, "epoch"),
    FIELD(stream_page, head, "head"),
    FIELD(stream_page, up_to, "upTo"),
    FIELD(stream_page, reset, "reset"),
    FIELD(stream_page, entries, "entries", .model = &stream_entry_model),
};
const struct model stream_page_model = MODEL("StreamPage", stream_page, page_fields);
