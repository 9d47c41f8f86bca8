/* Field tables of issues. */
#include "issues.h"

#include "record.h"

static const char *const method_texts[] = {NULL, "five_whys", "fishbone", "swot", "pareto"};
const struct enum_names analysis_method_names = ENUM_NAMES(method_texts);

const char *const issue_sort_fields[] = {"title",        "priority", "impact", "dueDate",
                                         "displayOrder", "status",   "type",   "createdAt",
                                         "updatedAt",    NULL};

/* What the rule in svc-operations takes. */
const char issue_analysis_schemas[] =
    "[{\"type\": \"string\", \"maxLength\": 5000},"
    " {\"type\": \"object\", \"required\": [\"method\"], \"additionalProperties\": true,"
    " \"properties\": {\"method\": {\"type\": \"string\","
    " \"enum\": [\"five_whys\", \"fishbone\", \"swot\", \"pareto\"]},"
    " \"findings\": {\"description\": \"the client's own\"}}}, {\"type\": \"null\"}]";

/* The second name of a member in answers; in bodies it is an alias of the first. */
#define ALSO(member_, name_, ...) \
    FIELD_AS(issue, member_, name_, .flags = FIELD_READ_ONLY | FIELD_COMPUTED, __VA_ARGS__)

/* What answers show as an object, as bodies may say it. Above that object's row, which has the same
 * name. */
#define SAID(member_, name_, id_, example_)                                                   \
    FIELD(issue, member_, name_, .flags = FIELD_WRITE_ONLY | FIELD_KEPT | FIELD_COMPUTED,     \
          .max = 65536,                                                                       \
          .doc = "another way to say " id_ ": an id, a name, or the object that is answered", \
          .example = (example_))

static const struct field issue_connections_fields[] = {
    FIELD(connections, goal_ids, "goalIds", .max = CONNECTIONS_MAX, .doc = "goals it endangers"),
    FIELD(connections, strategy_ids, "strategyIds", .max = CONNECTIONS_MAX,
          .doc = "strategies it concerns"),
    FIELD(connections, other_ids, "actionIds", .max = CONNECTIONS_MAX,
          .doc = "actions that are to solve it"),
};
static const struct model issue_connections_model =
    MODEL("IssueConnections", connections, issue_connections_fields);

static const struct field issue_fields[] = {
    FIELD(issue, id, "id", .flags = FIELD_READ_ONLY, .doc = "UUIDv7"),
    FIELD(issue, title, "title", .flags = FIELD_REQUIRED | FIELD_SHOWN, .min = 1, .max = 200,
          .doc = "what is wrong", .example = "\"Hire senior developer\""),
    FIELD(issue, description, "description", .flags = FIELD_SHOWN, .max = 5000,
          .doc = "more about it"),
    FIELD(issue, type_config_id, "typeConfigId", .flags = FIELD_KEPT, .aliases = "typeId",
          .doc = "an issue type; the tenant's default unless said otherwise"),
    FIELD(issue, status_config_id, "statusConfigId", .flags = FIELD_KEPT, .aliases = "statusId",
          .doc = "an issue status; Open unless said otherwise"),
    ALSO(status_config_id, "statusId", .doc = "the same as statusConfigId"),
    SAID(status_said, "status", "statusConfigId", "\"In Progress\""),
    OBJECT(issue, status, "status", &issue_config_model, .flags = FIELD_READ_ONLY,
           .doc = "the issue status itself"),
    SAID(type_said, "type", "typeConfigId", "\"Personnel\""),
    OBJECT(issue, type, "type", &issue_config_model, .flags = FIELD_READ_ONLY,
           .doc = "the issue type itself"),
    FIELD(issue, impact, "impact", .enum_names = &level_names, .aliases = "businessImpact",
          .doc = "on the business"),
    ALSO(impact, "businessImpact", .enum_names = &level_names, .doc = "the same as impact"),
    FIELD(issue, priority, "priority", .flags = FIELD_NUMBERED, .enum_names = &level_names,
          .doc = "may also be sent as a number from 1, low, to 4, critical"),
    FIELD(issue, reporter_id, "reporterId", .flags = FIELD_KEPT | FIELD_OPAQUE, .min = 1,
          .max = 128, .aliases = "reportedBy",
          .doc = "id of the person who reported it; the caller unless said otherwise",
          .example = "\"zoe.mueller\""),
    FIELD(issue, reporter_name, "reporterName", .flags = FIELD_READ_ONLY | FIELD_JOINED,
          .doc = "that person's name; null until that person has called"),
    ALSO(reporter_id, "reportedBy", .doc = "the same as reporterId"),
    ALSO(reporter_name, "reportedByName", .doc = "the same as reporterName"),
    FIELD(issue, assigned_person_id, "assignedPersonId", .flags = FIELD_OPAQUE, .min = 1,
          .max = 128, .aliases = "assignedTo", .doc = "id of the person who deals with it",
          .example = "\"lukasz.zak\""),
    FIELD(issue, assigned_person_name, "assignedPersonName",
          .flags = FIELD_READ_ONLY | FIELD_JOINED,
          .doc = "that person's name; null until that person has called"),
    FIELD(issue, due_date, "dueDate", .doc = "when it is to be solved"),
    FIELD(issue, date_reported, "dateReported", .flags = FIELD_KEPT,
          .doc = "when it was reported; its creation unless said otherwise"),
    FIELD(issue, resolved_at, "resolvedAt", .flags = FIELD_READ_ONLY,
          .doc = "since when its status is a closed one; null while it is not"),
    FIELD(issue, status_reason, "statusReason", .flags = FIELD_SHOWN, .max = 2000,
          .doc = "why it has its status"),
    FIELD(issue, estimated_hours, "estimatedHours", .min = 0, .max = 1e6, .doc = "work expected",
          .example = "40"),
    FIELD(issue, actual_hours, "actualHours", .min = 0, .max = 1e6, .doc = "work done",
          .example = "25.5"),
    FIELD(issue, tags, "tags", .flags = FIELD_SHOWN, .max = 50, .item_max = 50,
          .doc = "words to find it by", .example = "[\"hiring\", \"urgent\"]"),
    FIELD(issue, display_order, "displayOrder", .min = 0, .max = 1e9,
          .doc = "place on the client's board"),
    OBJECT(issue, connections, "connections", &issue_connections_model,
           .doc = "what it is linked to"),
    FIELD(issue, root_cause_analysis, "rootCauseAnalysis", .max = 32768,
          .schemas = issue_analysis_schemas, .doc = "text or an object; comes back as given",
          .example = "\"Expansion requirements\""),
    FIELD(issue, resolution_notes, "resolutionNotes", .flags = FIELD_SHOWN, .max = 5000,
          .doc = "how it was solved"),
    FIELD(issue, environment, "environment", .flags = FIELD_SHOWN, .max = 5000,
          .doc = "where it happens", .example = "\"Production, Firefox 128\""),
    FIELD(issue, steps_to_reproduce, "stepsToReproduce", .flags = FIELD_SHOWN, .max = 5000,
          .doc = "how to see it"),
    FIELD(issue, expected_behavior, "expectedBehavior", .flags = FIELD_SHOWN, .max = 5000,
          .doc = "what should happen"),
    FIELD(issue, actual_behavior, "actualBehavior", .flags = FIELD_SHOWN, .max = 5000,
          .doc = "what happens instead"),
    RECORD_FIELDS(issue),
    COLUMN(issue, version),
    FIELD(issue, bytes, "bytes", .flags = FIELD_INTERNAL | FIELD_COMPUTED),
    LISTED_FIELDS(issue),
    FIELD_AS(issue, connections.goal_ids, "goal_ids", .flags = FIELD_INTERNAL | FIELD_JOINED),
    FIELD_AS(issue, connections.strategy_ids, "strategy_ids",
             .flags = FIELD_INTERNAL | FIELD_JOINED),
    FIELD_AS(issue, connections.other_ids, "action_ids", .flags = FIELD_INTERNAL | FIELD_JOINED),
    FIELD_AS(issue, type.name, "type_name", .flags = FIELD_INTERNAL | FIELD_JOINED),
    FIELD_AS(issue, type.color, "type_color", .flags = FIELD_INTERNAL | FIELD_JOINED),
    FIELD_AS(issue, type.icon, "type_icon", .flags = FIELD_INTERNAL | FIELD_JOINED),
    FIELD_AS(issue, status.name, "status_name", .flags = FIELD_INTERNAL | FIELD_JOINED),
    FIELD_AS(issue, status.category, "status_category", .flags = FIELD_INTERNAL | FIELD_JOINED,
             .enum_names = &status_category_names),
    FIELD_AS(issue, status.color, "status_color", .flags = FIELD_INTERNAL | FIELD_JOINED),
    FIELD_AS(issue, status.icon, "status_icon", .flags = FIELD_INTERNAL | FIELD_JOINED),
};
const struct model issue_model = MODEL("Issue", issue, issue_fields);

/* Numbers are accepted as in bodies. */
static const char *const priority_name_texts[] = {NULL, "low", "medium", "high", "critical",
                                                  "1",  "2",   "3",      "4"};
static const struct enum_names priority_names = ENUM_NAMES(priority_name_texts);

static const struct field issue_query_fields[] = {
    SORTED_FIELDS(issue_query, issue_sort_fields, NULL, ISSUE_PAGE_DEFAULT, PAGE_MAX),
    CURSOR_FIELDS(issue_query),
    FIELD(issue_query, status, "status", .item_max = 100, .aliases = "statusId statusConfigId",
          .doc = "a status' id, a category (open, active, inactive, closed), or a status' name, "
                 "exactly or spelled like it; one or more, by commas; anything else is refused"),
    FIELD(issue_query, priority, "priority", .enum_names = &priority_names,
          .doc = "one or more, by commas"),
    FIELD(issue_query, impact, "businessImpact", .enum_names = &level_names, .aliases = "impact",
          .doc = "one or more, by commas"),
    FIELD(issue_query, reporter_id, "reportedBy", .flags = FIELD_OPAQUE, .min = 1, .max = 128,
          .aliases = "reporterId", .doc = "issues that this person reported"),
    FIELD(issue_query, assigned_person_id, "assignedTo", .flags = FIELD_OPAQUE, .min = 1,
          .max = 128, .aliases = "assignedPersonId", .doc = "issues that this person deals with"),
    FIELD(issue_query, type_ids, "typeConfigId", .aliases = "typeId",
          .doc = "one or more issue types, by commas"),
    FIELD(issue_query, search, "search", .min = 1, .max = 200,
          .doc = "part of title or description, in any case"),
    FIELD(issue_query, status_category, "statusCategory", .enum_names = &status_category_names,
          .doc = "one or more categories of statuses, by commas"),
    FIELD(issue_query, created_after, "createdAfter", .doc = "issues written then or later"),
    FIELD(issue_query, created_before, "createdBefore",
          .doc = "issues written then or before; a day is meant with all its hours"),
    FIELD(issue_query, due_after, "dueAfter", .doc = "issues that are due then or later"),
    FIELD(issue_query, due_before, "dueBefore",
          .doc = "issues that are due then or before; a day is meant with all its hours"),
    FIELD(issue_query, reported_after, "startDate", .doc = "issues reported then or later"),
    FIELD(issue_query, reported_before, "endDate",
          .doc = "issues reported then or before; a day is meant with all its hours"),
    FIELD(issue_query, tags, "tags", .flags = FIELD_SHOWN, .max = 50, .item_max = 50,
          .doc = "issues with one of these tags, by commas"),
    FIELD(issue_query, goal_ids, "goalIds", .aliases = "goalId",
          .doc = "linked to one of these goals; commas and repetition"),
    FIELD(issue_query, strategy_ids, "strategyIds", .aliases = "strategyId",
          .doc = "linked to one of these strategies"),
    FIELD(issue_query, action_ids, "actionIds", .aliases = "actionId",
          .doc = "linked to one of these actions"),
    COLUMN(issue_query, category_ids),
    COLUMN(issue_query, order_ids),
    COLUMN(issue_query, status_ids),
    COLUMN(issue_query, status_categories),
    COLUMN(issue_query, by_status),
    COLUMN(issue_query, sort_field),
    COLUMN(issue_query, descending),
    ROW_LIMITS_COLUMNS(issue_query),
};
const struct model issue_query_model = MODEL("IssueQuery", issue_query, issue_query_fields);

static const struct field issue_deleted_fields[] = {
    FIELD(issue_deleted, id, "deletedIssueId", .doc = "the issue"),
    FIELD(issue_deleted, deleted_at, "deletedAt", .flags = FIELD_PRESENT,
          .doc = "when it was deleted"),
};
const struct model issue_deleted_model = MODEL("IssueDeleted", issue_deleted, issue_deleted_fields);
