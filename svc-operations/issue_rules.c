/* The rules of issues. */
#include "issue_rules.h"

#include "system_config.h"

enum { ANALYSIS_MAX = 5000 };

/* {method, findings}; findings are the client's own. */
static void check_analysis_object(struct op *op, const struct value *analysis)
{
    const struct value *method = value_get(analysis, "method");
    const struct value *findings = value_get(analysis, "findings");

    if (!enum_value(&analysis_method_names, value_text(method)))
        op_invalid(op, "rootCauseAnalysis.method",
                   "must be one of five_whys, fishbone, swot, pareto");
    if (!value_is_null(findings) && findings->type != VALUE_MAP && findings->type != VALUE_ARRAY)
        op_invalid(op, "rootCauseAnalysis.findings", "must be an object");
}

static void check_analysis(struct op *op, struct str packed)
{
    struct value analysis;

    if (!packed.data || !unpack(op->arena, packed, &analysis))
        return;
    if (analysis.type == VALUE_MAP)
        check_analysis_object(op, &analysis);
    else if (analysis.type != VALUE_TEXT)
        op_invalid(op, "rootCauseAnalysis", "must be text or an object with method and findings");
    else if (utf8_length(analysis.text) > ANALYSIS_MAX)
        op_invalid(op, "rootCauseAnalysis", "must be at most %d characters", (int)ANALYSIS_MAX);
}

void issue_check(struct op *op, const struct issue *issue)
{
    check_analysis(op, issue->root_cause_analysis.bytes);
}

static bool is_closed(const struct issue *issue)
{
    return issue->status.category == CATEGORY_CLOSED;
}

void issue_settle(struct issue *issue, const struct issue *before, struct timestamp now)
{
    if (timestamp_is_none(issue->date_reported))
        issue->date_reported = now;
    if (!is_closed(issue))
        issue->resolved_at = TIMESTAMP_NONE;
    else if (!before || !is_closed(before))
        issue->resolved_at = now;
}

struct issue_config config_of_type(const struct issue_type *type)
{
    return (struct issue_config){
        .id = type->id, .name = type->name, .color = type->color, .icon = type->icon};
}

struct issue_config config_of_status(const struct issue_status *status)
{
    return (struct issue_config){.id = status->id,
                                 .name = status->name,
                                 .category = status->category,
                                 .color = status->color,
                                 .icon = status->icon};
}

void issue_complete(struct issue *issues, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct issue *issue = &issues[i];
        struct issue_type type;
        struct issue_status status;

        issue->type.id = issue->type_config_id;
        issue->status.id = issue->status_config_id;
        if (system_type_find(issue->type_config_id, &type))
            issue->type = config_of_type(&type);
        if (system_status_find(issue->status_config_id, &status))
            issue->status = config_of_status(&status);
        if (!is_closed(issue))
            issue->resolved_at = TIMESTAMP_NONE;
        else if (timestamp_is_none(issue->resolved_at))
            issue->resolved_at = issue->updated_at;
    }
}
