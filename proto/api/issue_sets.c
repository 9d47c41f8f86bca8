/* Field tables of what makes several of an issue or takes several issues. */
#include "issue_sets.h"

/* --- Into actions --- */

static const struct field action_draft_fields[] = {
    FIELD(action_draft, title, "title", .flags = FIELD_REQUIRED | FIELD_SHOWN, .min = 1, .max = 200,
          .doc = "what is to be done", .example = "\"Call the ten largest customers\""),
    FIELD(action_draft, description, "description", .flags = FIELD_SHOWN, .max = 5000,
          .doc = "more about it"),
    FIELD(action_draft, assigned_person_id, "assignedPersonId", .flags = FIELD_OPAQUE, .min = 1,
          .max = 128, .aliases = "assignedTo", .doc = "id of the person who does it",
          .example = "\"lukasz.zak\""),
    FIELD(action_draft, priority, "priority", .flags = FIELD_NUMBERED, .enum_names = &level_names,
          .doc = "the issue's unless said otherwise, medium where it has none"),
    FIELD(action_draft, start_date, "startDate", .doc = "when it begins"),
    FIELD(action_draft, due_date, "dueDate", .doc = "the issue's unless said otherwise"),
    FIELD(action_draft, estimated_hours, "estimatedHours", .min = 0, .max = 1e5,
          .doc = "work expected", .example = "40"),
    FIELD(action_draft, tags, "tags", .flags = FIELD_SHOWN, .max = ACTION_TAGS_MAX, .item_max = 50,
          .doc = "words to find it by", .example = "[\"customers\"]"),
};
const struct model action_draft_model =
    MODEL("ActionDraftInput", action_draft, action_draft_fields);

static const struct field issue_convert_fields[] = {
    FIELD(issue_convert, actions, "actions", .flags = FIELD_REQUIRED, .min = 1, .max = CONVERT_MAX,
          .aliases = "actionTemplates", .model = &action_draft_model,
          .doc = "the actions, which get the issue's goals and strategies"),
    FIELD(issue_convert, new_status_id, "newStatusId",
          .doc = "an active issue status, which the issue then has"),
};
const struct model issue_convert_model = MODEL("IssueConvert", issue_convert, issue_convert_fields);

static const struct field issue_converted_fields[] = {
    FIELD(issue_converted, action_ids, "actionIds", .doc = "in the order of the request"),
    FIELD(issue_converted, actions, "actions", .model = &action_model, .doc = "likewise"),
    OBJECT(issue_converted, issue, "issue", &issue_model, .doc = "as it is then"),
};
const struct model issue_converted_model =
    MODEL("IssueConverted", issue_converted, issue_converted_fields);

/* --- From an action --- */

static const struct field issue_from_action_fields[] = {
    FIELD(issue_from_action, action_id, "actionId", .flags = FIELD_REQUIRED,
          .doc = "the action, which the issue is linked to"),
    FIELD(issue, title, "title", .flags = FIELD_SHOWN, .min = 1, .max = 200,
          .doc = "what is wrong; the action's title unless said otherwise",
          .example = "\"The supplier does not answer\""),
    FIELD(issue, description, "description", .flags = FIELD_SHOWN, .max = 5000,
          .doc = "more about it"),
    FIELD(issue, type_config_id, "typeConfigId", .flags = FIELD_KEPT, .aliases = "typeId",
          .doc = "an issue type; the tenant's default unless said otherwise"),
    FIELD(issue, status_config_id, "statusConfigId", .flags = FIELD_KEPT, .aliases = "statusId",
          .doc = "an issue status; Open unless said otherwise"),
    FIELD(issue, status_said, "status", .max = 65536, .doc = "the status by its id or name",
          .example = "\"In Progress\""),
    FIELD(issue, type_said, "type", .max = 65536, .doc = "the type by its id or name",
          .example = "\"Personnel\""),
    FIELD(issue, impact, "impact", .enum_names = &level_names, .aliases = "businessImpact",
          .doc = "on the business"),
    FIELD(issue, priority, "priority", .flags = FIELD_NUMBERED, .enum_names = &level_names,
          .doc = "how much it matters"),
    FIELD(issue, reporter_id, "reporterId", .flags = FIELD_OPAQUE, .min = 1, .max = 128,
          .aliases = "reportedBy", .doc = "the caller unless said otherwise",
          .example = "\"zoe.mueller\""),
    FIELD(issue, assigned_person_id, "assignedPersonId", .flags = FIELD_OPAQUE, .min = 1,
          .max = 128, .aliases = "assignedTo", .doc = "id of the person who deals with it",
          .example = "\"lukasz.zak\""),
    FIELD(issue, due_date, "dueDate", .doc = "when it is to be solved"),
    FIELD(issue, estimated_hours, "estimatedHours", .min = 0, .max = 1e6, .doc = "work expected",
          .example = "40"),
    FIELD(issue, tags, "tags", .flags = FIELD_SHOWN, .max = 50, .item_max = 50,
          .doc = "words to find it by", .example = "[\"supplier\"]"),
};
const struct model issue_from_action_model =
    MODEL("IssueFromActionInput", issue_from_action, issue_from_action_fields);

/* --- Their order --- */

static const struct field issue_reorder_fields[] = {
    FIELD(issue_reorder, issue_ids, "issueIds", .flags = FIELD_REQUIRED, .min = 1,
          .max = REORDER_MAX, .doc = "issues, each once; the first gets the displayOrder 0"),
};
const struct model issue_reorder_model = MODEL("IssueReorder", issue_reorder, issue_reorder_fields);

static const struct field issue_order_fields[] = {
    FIELD(issue_order, issue_ids, "issueIds", .flags = FIELD_PRESENT, .max = REORDER_MAX,
          .doc = "in their order: the first has the displayOrder 0"),
    FIELD(issue_order, moved, "moved", .flags = FIELD_PRESENT,
          .doc = "how many of them have another displayOrder than before", .example = "2"),
};
const struct model issue_order_model = MODEL("IssueOrder", issue_order, issue_order_fields);

#define NUMBER(type_, member_, name_, doc_, example_) \
    FIELD(type_, member_, name_, .flags = FIELD_PRESENT, .doc = (doc_), .example = (example_))

static const struct field issues_reordered_fields[] = {
    FIELD(issues_reordered, issues, "issues", .model = &issue_model, .doc = "in their new order"),
    NUMBER(issues_reordered, total, "total", "how many", "1"),
    NUMBER(issues_reordered, page, "page", "always 1", "1"),
    NUMBER(issues_reordered, limit, "limit", "as many as were named", "1"),
    NUMBER(issues_reordered, total_pages, "totalPages", "always 1", "1"),
};
const struct model issues_reordered_model =
    MODEL("IssuesReordered", issues_reordered, issues_reordered_fields);

/* --- How they stand --- */

static const struct field impact_stats_fields[] = {
    NUMBER(impact_stats, low, "low", "issues of that impact", "4"),
    NUMBER(impact_stats, medium, "medium", "issues of that impact", "3"),
    NUMBER(impact_stats, high, "high", "issues of that impact", "2"),
    NUMBER(impact_stats, critical, "critical", "issues of that impact", "1"),
    NUMBER(impact_stats, none, "none", "issues without one", "0"),
};
const struct model impact_stats_model = MODEL("ImpactStats", impact_stats, impact_stats_fields);

static const struct field timeline_stats_fields[] = {
    NUMBER(timeline_stats, average_hours, "averageResolutionTimeHours",
           "mean time from creation until an issue was closed; 0 while none is", "36.5"),
    NUMBER(timeline_stats, created_this_week, "issuesCreatedThisWeek", "from Monday 00:00 UTC",
           "3"),
    NUMBER(timeline_stats, resolved_this_week, "issuesResolvedThisWeek", "likewise; closed ones",
           "2"),
    NUMBER(timeline_stats, created_this_month, "issuesCreatedThisMonth", "from its first day, UTC",
           "7"),
    NUMBER(timeline_stats, resolved_this_month, "issuesResolvedThisMonth", "likewise; closed ones",
           "4"),
};
const struct model timeline_stats_model =
    MODEL("TimelineStats", timeline_stats, timeline_stats_fields);

static const struct field type_count_fields[] = {
    FIELD(type_count, type_config_id, "typeConfigId", .flags = FIELD_PRESENT, .doc = "the type"),
    FIELD(type_count, name, "name", .flags = FIELD_PRESENT, .doc = "of the type",
          .example = "\"General\""),
    NUMBER(type_count, count, "count", "issues of that type", "10"),
};
const struct model type_count_model = MODEL("TypeCount", type_count, type_count_fields);

static const struct field issue_stats_fields[] = {
    NUMBER(issue_stats, total, "totalIssues", "all of the tenant", "10"),
    NUMBER(issue_stats, open, "openIssues", "of the category open", "3"),
    NUMBER(issue_stats, active, "inProgressIssues", "of the category active", "2"),
    NUMBER(issue_stats, inactive, "onHoldIssues", "of the category inactive", "1"),
    NUMBER(issue_stats, resolved, "resolvedIssues", "of the status Resolved", "3"),
    NUMBER(issue_stats, closed, "closedIssues", "of another closed status", "1"),
    NUMBER(issue_stats, overdue, "overdueIssues", "due before today (UTC) and not closed", "1"),
    NUMBER(issue_stats, critical, "criticalIssues", "of critical impact and not closed", "1"),
    NUMBER(issue_stats, rate, "resolutionRate", "resolved and closed ones of all, 0 to 1", "0.4"),
    FIELD(issue_stats, type_stats, "typeStats",
          .schemas = "[{\"type\": \"object\", \"additionalProperties\": {\"type\": \"integer\"}},"
                     " {\"type\": \"null\"}]",
          .doc = "how many by the type's name", .example = "{\"General\": 10}"),
    FIELD(issue_stats, by_type, "byType", .model = &type_count_model,
          .doc = "likewise, in the order of types; active ones, and those that issues have"),
    OBJECT(issue_stats, impact, "impactStats", &impact_stats_model, .doc = "how many by impact"),
    OBJECT(issue_stats, timeline, "timelineStats", &timeline_stats_model,
           .doc = "how many of late, and how long they take"),
};
const struct model issue_stats_model = MODEL("IssueStats", issue_stats, issue_stats_fields);
