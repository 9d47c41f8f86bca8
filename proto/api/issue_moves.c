/* Field tables of the verbs that move an issue through its life. */
#include "issue_moves.h"

#include "issues.h"

#define REASON(name_, flags_, min_)                                                               \
    FIELD(issue_move, reason, name_, .flags = FIELD_SHOWN | (flags_), .min = (min_), .max = 2000, \
          .doc = "becomes statusReason", .example = "\"Customers cannot log in\"")
#define ACTUAL_HOURS \
    FIELD(issue_move, actual_hours, "actualHours", .min = 0, .max = 1e6, .doc = "work done")

static const struct field issue_start_fields[] = {REASON("notes", 0, 0)};
const struct model issue_start_model = MODEL("IssueStart", issue_move, issue_start_fields);

static const struct field issue_resolve_fields[] = {
    FIELD(issue_move, resolution_notes, "resolutionNotes", .flags = FIELD_REQUIRED | FIELD_SHOWN,
          .min = 1, .max = 5000, .doc = "how it was solved", .example = "\"Renewed the key\""),
    FIELD(issue_move, root_cause_analysis, "rootCauseAnalysis", .max = 32768,
          .schemas = issue_analysis_schemas, .doc = "text or an object; absent: unchanged"),
    ACTUAL_HOURS,
};
const struct model issue_resolve_model = MODEL("IssueResolve", issue_move, issue_resolve_fields);

static const struct field issue_reopen_fields[] = {REASON("reason", FIELD_REQUIRED, 1)};
const struct model issue_reopen_model = MODEL("IssueReopen", issue_move, issue_reopen_fields);

static const struct field issue_status_change_fields[] = {
    FIELD(issue_move, status_config_id, "statusConfigId", .flags = FIELD_REQUIRED,
          .aliases = "statusId", .doc = "an active issue status"),
    REASON("reason", 0, 0),
    FIELD(issue_move, resolution_notes, "resolutionNotes", .flags = FIELD_SHOWN, .max = 5000,
          .doc = "how it was solved; absent: unchanged"),
    ACTUAL_HOURS,
};
const struct model issue_status_change_model =
    MODEL("IssueStatusChange", issue_move, issue_status_change_fields);

static const struct field issue_assign_fields[] = {
    FIELD(issue_move, assigned_person_id, "assignedPersonId", .flags = FIELD_OPAQUE, .min = 1,
          .max = 128, .aliases = "assignedTo",
          .doc = "id of the person who is to deal with it; required; null or \"\" for nobody",
          .example = "\"lukasz.zak\""),
    REASON("reason", 0, 0),
};
const struct model issue_assign_model = MODEL("IssueAssign", issue_move, issue_assign_fields);
