/* Field tables of histories and the audit log. */
#include "history.h"

static const struct field history_entry_fields[] = {
    FIELD(history_entry, id, "id", .doc = "of the event that told of it"),
    FIELD(history_entry, at, "at", .flags = FIELD_PRESENT, .doc = "when"),
    FIELD(history_entry, user_id, "userId", .flags = FIELD_PRESENT, .doc = "who did it",
          .example = "\"zoe.mueller\""),
    FIELD(history_entry, user_name, "userName",
          .doc = "that person's name as it is now; null: not known", .example = "\"Zoë Müller\""),
    FIELD(history_entry, request_id, "requestId",
          .doc = "the X-Request-Id of the request that did it"),
    FIELD(history_entry, type, "type", .flags = FIELD_PRESENT,
          .doc = "what happened, by the type of its event", .example = "\"goal.updated\""),
    FIELD(history_entry, entity_type, "entityType", .flags = FIELD_COMPUTED,
          .doc = "what entityId is the id of", .example = "\"goal\""),
    FIELD(history_entry, entity_id, "entityId", .flags = FIELD_PRESENT,
          .doc = "what it happened to", .example = "\"0194692f-7f00-7c3a-9b1e-5d2f00000001\""),
    FIELD(history_entry, title, "title", .doc = "what that was called then; null: it has no title",
          .example = "\"Grow revenue\""),
    FIELD(history_entry, version, "version", .doc = "its version afterwards; 0: it has none"),
    FIELD(history_entry, caused_by, "causedBy",
          .doc = "it was changed from its other end: the action or issue whose links were changed"),
    FIELD(history_entry, changes, "changes",
          .schemas = "[{\"type\": \"object\", \"additionalProperties\": {\"type\": \"array\","
                     " \"minItems\": 2, \"maxItems\": 2}}, {\"type\": \"null\"}]",
          .doc = "each field that is not what it was, with its value before and after; null where "
                 "that is not told",
          .example = "{\"status\": [\"draft\", \"active\"]}"),
    FIELD(history_entry, data, "data",
          .doc = "where there are no changes: what the event of that type tells",
          .example = "null"),
    LISTED_FIELDS(history_entry),
};
const struct model history_entry_model = MODEL("HistoryEntry", history_entry, history_entry_fields);

static const struct field history_query_fields[] = {
    PAGE_FIELDS(history_query, PAGE_DEFAULT, PAGE_MAX),
    CURSOR_FIELDS(history_query),
    COLUMN(history_query, entity_id),
    COLUMN(history_query, types),
    COLUMN(history_query, user_id),
    COLUMN(history_query, since),
    COLUMN(history_query, until),
    ROW_LIMITS_COLUMNS(history_query),
};
const struct model history_query_model = MODEL("HistoryQuery", history_query, history_query_fields);

static const char *const audit_format_texts[] = {NULL, "json", "csv"};
static const struct enum_names audit_format_names = ENUM_NAMES(audit_format_texts);

static const struct field audit_query_fields[] = {
    PAGE_FIELDS(history_query, PAGE_DEFAULT, PAGE_MAX),
    CURSOR_FIELDS(history_query),
    FIELD(history_query, user_id, "userId", .flags = FIELD_OPAQUE, .min = 1, .max = 128,
          .doc = "what this person did"),
    FIELD(history_query, types, "type", .aliases = "types", .max = 50, .item_max = 50,
          .doc = "one or more types of events, by commas: goal.updated, or goal.* for all that "
                 "begin so",
          .example = "[\"goal.updated\", \"issue.*\"]"),
    FIELD(history_query, entity_types, "entityType", .aliases = "entityTypes", .max = 50,
          .item_max = 50,
          .doc = "what was changed, one or more by commas: goal, strategy, kpi, action, issue and "
                 "the other entityTypes of events",
          .example = "[\"goal\"]"),
    FIELD(history_query, entity_id, "entityId", .flags = FIELD_OPAQUE, .min = 1, .max = 128,
          .doc = "changes of this, which may be deleted"),
    FIELD(history_query, since, "from", .aliases = "startDate", .doc = "changes then or later",
          .example = "\"2025-01-01\""),
    FIELD(history_query, until, "to", .aliases = "endDate",
          .doc = "changes then or before; a day is meant with all its hours",
          .example = "\"2025-01-31\""),
    FIELD(history_query, format, "format", .enum_names = &audit_format_names,
          .doc = "csv: a file with all entries that pass the filters, whatever the size, 10,000 at "
                 "most; json unless said otherwise"),
    ROW_LIMITS_COLUMNS(history_query),
};
const struct model audit_query_model = MODEL("AuditQuery", history_query, audit_query_fields);
