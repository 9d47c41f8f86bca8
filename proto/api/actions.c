/* Field tables of actions and of what they are linked to. */
#include "actions.h"

#include "record.h"

static const char *const action_status_name_texts[] = {NULL,        "not_started", "in_progress",
                                                       "completed", "blocked",     "cancelled"};
const struct enum_names action_status_names = ENUM_NAMES(action_status_name_texts);

const char *const action_sort_fields[] = {"title",     "status",    "priority",
                                          "startDate", "dueDate",   "dateEntered",
                                          "createdAt", "updatedAt", NULL};

static const struct field closable_issue_fields[] = {
    FIELD(closable_issue, id, "id", .flags = FIELD_PRESENT, .doc = "the issue"),
    FIELD(closable_issue, title, "title", .flags = FIELD_PRESENT, .doc = "what is wrong",
          .example = "\"Hire senior developer\""),
};
const struct model closable_issue_model =
    MODEL("ClosableIssue", closable_issue, closable_issue_fields);

static const struct field action_connections_fields[] = {
    FIELD(connections, goal_ids, "goalIds", .max = CONNECTIONS_MAX, .doc = "goals it serves"),
    FIELD(connections, strategy_ids, "strategyIds", .max = CONNECTIONS_MAX,
          .doc = "strategies it carries out"),
    FIELD(connections, other_ids, "issueIds", .max = CONNECTIONS_MAX,
          .doc = "issues it is to solve"),
};
static const struct model action_connections_model =
    MODEL("ActionConnections", connections, action_connections_fields);

static const struct field action_fields[] = {
    /* In bodies where its links stand beside its fields only (action_in_context_model): */
    FIELD_AS(action, connections.goal_ids, "goalIds", .max = CONNECTIONS_MAX,
             .doc = "goals it serves"),
    FIELD_AS(action, connections.strategy_ids, "strategyIds", .max = CONNECTIONS_MAX,
             .doc = "strategies it carries out"),
    FIELD_AS(action, connections.other_ids, "issueIds", .max = CONNECTIONS_MAX,
             .doc = "issues it is to solve"),
    /* Everywhere: */
    FIELD(action, id, "id", .flags = FIELD_READ_ONLY, .doc = "UUIDv7"),
    FIELD(action, title, "title", .flags = FIELD_REQUIRED | FIELD_SHOWN, .min = 1, .max = 200,
          .doc = "what is to be done", .example = "\"Call the ten largest customers\""),
    FIELD(action, description, "description", .flags = FIELD_SHOWN, .max = 5000,
          .doc = "more about it"),
    FIELD(action, start_date, "startDate", .doc = "when it begins"),
    FIELD(action, due_date, "dueDate", .doc = "when it is to be done; not before startDate"),
    FIELD(action, priority, "priority", .flags = FIELD_KEPT, .enum_names = &level_names,
          .doc = "medium unless said otherwise"),
    FIELD(action, status, "status", .flags = FIELD_KEPT, .enum_names = &action_status_names,
          .doc = "not_started unless said otherwise"),
    FIELD(action, assigned_person_id, "assignedPersonId", .flags = FIELD_OPAQUE, .min = 1,
          .max = 128, .aliases = "assignedTo", .doc = "id of the person who does it",
          .example = "\"lukasz.zak\""),
    FIELD(action, assigned_person_name, "assignedPersonName",
          .flags = FIELD_READ_ONLY | FIELD_JOINED,
          .doc = "that person's name; null until that person has called"),
    FIELD(action, progress, "progress", .flags = FIELD_KEPT, .min = 0, .max = 100,
          .doc = "percent; completed makes it 100"),
    FIELD(action, estimated_hours, "estimatedHours", .min = 0, .max = 1e5, .doc = "work expected",
          .example = "40"),
    FIELD(action, actual_hours, "actualHours", .min = 0, .max = 1e5, .doc = "work done",
          .example = "25.5"),
    FIELD(action, tags, "tags", .flags = FIELD_SHOWN, .max = ACTION_TAGS_MAX, .item_max = 50,
          .doc = "words to find it by", .example = "[\"customers\", \"spring\"]"),
    FIELD(action, date_entered, "dateEntered", .flags = FIELD_KEPT,
          .doc = "when it was written down; its creation unless said otherwise"),
    FIELD(action, status_reason, "statusReason", .flags = FIELD_SHOWN, .max = 2000,
          .doc = "why it has its status"),
    /* ... not in bodies of action_in_context_model: */
    OBJECT(action, connections, "connections", &action_connections_model,
           .doc = "what it is linked to"),
    FIELD(action, completed_at, "completedAt", .flags = FIELD_READ_ONLY,
          .doc = "when it was completed"),
    RECORD_FIELDS(action),
    COLUMN(action, version),
    FIELD(action, bytes, "bytes", .flags = FIELD_INTERNAL | FIELD_COMPUTED),
    LISTED_FIELDS(action),
    FIELD_AS(action, connections.goal_ids, "goal_ids", .flags = FIELD_INTERNAL | FIELD_JOINED),
    FIELD_AS(action, connections.strategy_ids, "strategy_ids",
             .flags = FIELD_INTERNAL | FIELD_JOINED),
    FIELD_AS(action, connections.other_ids, "issue_ids", .flags = FIELD_INTERNAL | FIELD_JOINED),
    /* Answered by its completion only (action_completed_model): */
    FIELD(action_completed, kpi_update_prompt, "kpiUpdatePrompt", .flags = FIELD_READ_ONLY,
          .schemas = "[{\"type\": \"boolean\"}, {\"type\": \"null\"}]",
          .doc = "one of its goals has a KPI without a reading for this month; null while that "
                 "cannot be told",
          .example = "true"),
    FIELD(action_completed, closable_issues, "closableIssues", .flags = FIELD_READ_ONLY,
          .model = &closable_issue_model,
          .doc = "issues of it that are not closed, and have no open action any more"),
};
enum {
    ACTION_COMPLETED_PARTS = 2,
    ACTION_CONTEXT_PARTS = 3,
    ACTION_BODY_FIELDS = 15, /* id to statusReason */
    ACTION_FIELDS = sizeof action_fields / sizeof *action_fields - ACTION_COMPLETED_PARTS -
                    ACTION_CONTEXT_PARTS,
};
const struct model action_model = {"Action", sizeof(struct action),
                                   action_fields + ACTION_CONTEXT_PARTS, ACTION_FIELDS};
const struct model action_in_context_model = {"ActionInContextInput", sizeof(struct action),
                                              action_fields,
                                              ACTION_CONTEXT_PARTS + ACTION_BODY_FIELDS};
const struct model action_completed_model = {"ActionCompleted", sizeof(struct action_completed),
                                             action_fields + ACTION_CONTEXT_PARTS,
                                             ACTION_FIELDS + ACTION_COMPLETED_PARTS};

static const struct field action_query_fields[] = {
    SORTED_FIELDS(action_query, action_sort_fields, NULL, PAGE_DEFAULT, ACTION_PAGE_MAX),
    CURSOR_FIELDS(action_query),
    FIELD(action_query, start_date, "startDate",
          .doc = "actions that are not over before; without dates they are in no range"),
    FIELD(action_query, end_date, "endDate",
          .doc = "actions that do not begin later; a day is meant with all its hours"),
    FIELD(action_query, assigned_person_id, "assignedPersonId", .flags = FIELD_OPAQUE, .min = 1,
          .max = 128, .aliases = "assignedTo", .doc = "actions of this person"),
    FIELD(action_query, goal_ids, "goalIds", .aliases = "goalId",
          .doc = "linked to one of these goals; commas and repetition"),
    FIELD(action_query, strategy_ids, "strategyIds", .aliases = "strategyId",
          .doc = "linked to one of these strategies"),
    FIELD(action_query, issue_ids, "issueIds", .aliases = "issueId",
          .doc = "linked to one of these issues"),
    FIELD(action_query, search, "search", .min = 1, .max = 200,
          .doc = "part of title, description or a tag, in any case"),
    FIELD(action_query, tags, "tags", .flags = FIELD_SHOWN, .max = ACTION_TAGS_MAX, .item_max = 50,
          .doc = "actions with one of these tags, by commas"),
    FIELD(action_query, status, "status", .enum_names = &action_status_names,
          .doc = "one or more, by commas"),
    FIELD(action_query, priority, "priority", .enum_names = &level_names,
          .doc = "one or more, by commas"),
    COLUMN(action_query, sort_field),
    COLUMN(action_query, descending),
    ROW_LIMITS_COLUMNS(action_query),
};
const struct model action_query_model = MODEL("ActionQuery", action_query, action_query_fields);

/* --- Relationships --- */

static const struct field action_batch_fields[] = {
    FIELD(action_batch, action_ids, "actionIds", .flags = FIELD_REQUIRED, .max = BATCH_MAX,
          .doc = "actions"),
};
const struct model action_batch_model = MODEL("ActionBatch", action_batch, action_batch_fields);

static const struct field goal_batch_fields[] = {
    FIELD(goal_batch, goal_ids, "goalIds", .flags = FIELD_REQUIRED, .max = BATCH_MAX,
          .doc = "goals"),
};
const struct model goal_batch_model = MODEL("GoalBatch", goal_batch, goal_batch_fields);

static const struct field kpi_update_fields[] = {
    FIELD(kpi_update, action_id, "actionId", .flags = FIELD_REQUIRED,
          .doc = "the action that brought the value"),
    FIELD(kpi_update, kpi_id, "kpiId", .doc = "the KPI's id, or the id of one of its links"),
    FIELD(kpi_update, shared_kpi_id, "sharedKpiId", .doc = "the KPI; one of the two is needed"),
    FIELD(kpi_update, horizon_id, "horizonId", .flags = FIELD_OPAQUE, .min = 1, .max = 128,
          .doc = "kept with the update"),
    FIELD(kpi_update, new_value, "newValue", .flags = FIELD_REQUIRED, .doc = "as measured",
          .example = "42.5"),
    FIELD(kpi_update, update_date, "updateDate",
          .doc = "a day in the month that the value is for; today unless given"),
    FIELD(kpi_update, notes, "notes", .flags = FIELD_SHOWN, .max = 2000,
          .doc = "becomes the reading's reason"),
};
const struct model kpi_update_model = MODEL("KPIUpdate", kpi_update, kpi_update_fields);
const struct model kpi_update_of_action_model = {
    "ActionKPIUpdate", sizeof(struct kpi_update), kpi_update_fields + 1, /* behind actionId */
    sizeof kpi_update_fields / sizeof *kpi_update_fields - 1};

static const struct field kpi_updated_fields[] = {
    FIELD(kpi_updated, action_id, "actionId", .flags = FIELD_PRESENT, .doc = "the action"),
    FIELD(kpi_updated, kpi_id, "kpiId", .flags = FIELD_PRESENT, .doc = "the KPI"),
    OBJECT(kpi_updated, reading, "reading", &reading_model, .doc = "what is kept now"),
};
const struct model kpi_updated_model = MODEL("KPIUpdated", kpi_updated, kpi_updated_fields);

static const struct field kpi_update_kept_fields[] = {
    COLUMN(kpi_update_kept, id),
    FIELD(kpi_update_kept, action_id, "actionId", .flags = FIELD_PRESENT, .doc = "the action"),
    FIELD(kpi_update_kept, kpi_id, "kpiId", .flags = FIELD_PRESENT, .doc = "the KPI"),
    FIELD_AS(kpi_update_kept, kpi_id, "measureId", .flags = FIELD_PRESENT | FIELD_COMPUTED,
             .doc = "the same as kpiId"),
    FIELD(kpi_update_kept, horizon_id, "horizonId", .doc = "as it was sent"),
    FIELD(kpi_update_kept, new_value, "newValue", .flags = FIELD_PRESENT, .doc = "as measured",
          .example = "42.5"),
    FIELD(kpi_update_kept, update_date, "updateDate", .flags = FIELD_PRESENT,
          .doc = "when it was measured"),
    FIELD(kpi_update_kept, notes, "notes", .doc = "what the action said of it"),
    FIELD(kpi_update_kept, recorded_by, "recordedBy", .flags = FIELD_PRESENT,
          .doc = "id of the person who recorded it", .example = "\"lukasz.zak\""),
    COLUMN(kpi_update_kept, recorded_at),
    FIELD(kpi_update_kept, reading, "reading",
          .schemas = "[{\"$ref\": \"#/components/schemas/KPIReading\"}, {\"type\": \"null\"}]",
          .doc = "the reading as it was recorded",
          .example =
              "{\"id\": \"0194692f-7f00-7c3a-9b1e-5d2f00000009\","
              " \"kpiId\": \"0194692f-7f00-7c3a-9b1e-5d2f00000001\", \"period\": \"2025-01\","
              " \"value\": 42.5, \"adjustedValue\": null, \"reason\": null,"
              " \"source\": \"action\","
              " \"sourceId\": \"0194692f-7f00-7c3a-9b1e-5d2f00000001\","
              " \"createdAt\": \"2025-01-15T10:00:00.000Z\","
              " \"updatedAt\": \"2025-01-15T10:00:00.000Z\","
              " \"createdBy\": \"lukasz.zak\", \"updatedBy\": \"lukasz.zak\"}"),
};
const struct model kpi_update_kept_model =
    MODEL("KPIUpdateKept", kpi_update_kept, kpi_update_kept_fields);

static const struct field kpi_update_query_fields[] = {
    PAGE_FIELDS(kpi_update_query, PAGE_DEFAULT, PAGE_MAX),
    FIELD(kpi_update_query, kpi_id, "kpiId", .aliases = "measureId sharedKpiId",
          .doc = "updates of this KPI; it or actionId is required"),
    FIELD(kpi_update_query, action_id, "actionId", .doc = "updates that this action has brought"),
    FIELD(kpi_update_query, horizon_id, "horizonId", .flags = FIELD_OPAQUE, .min = 1, .max = 128,
          .doc = "updates that were sent with it"),
};
const struct model kpi_update_query_model =
    MODEL("KPIUpdateQuery", kpi_update_query, kpi_update_query_fields);
