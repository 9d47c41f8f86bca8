/* What an issue refers to. An inactive type or status stays with the issues that have it, but
 * cannot be assigned to others. */
#include "issue_references.h"

#include "issue_rules.h"
#include "lookup.h"
#include "queries.h"
#include "system_config.h"

/* ISSUE_REFERENCES */
struct issue_references {
    struct str reporter_name, assigned_person_name;
    struct uuid type_id; /* the tenant's default where none was named; absent for General */
    struct issue_config type, status;
    bool type_active, status_active;
    struct uuids action_ids; /* those that exist */
};
static const struct field issue_references_fields[] = {
    COLUMN(issue_references, reporter_name),
    COLUMN(issue_references, assigned_person_name),
    COLUMN(issue_references, type_id),
    FIELD_AS(issue_references, type.name, "type_name", .flags = FIELD_INTERNAL),
    FIELD_AS(issue_references, type.color, "type_color", .flags = FIELD_INTERNAL),
    FIELD_AS(issue_references, type.icon, "type_icon", .flags = FIELD_INTERNAL),
    COLUMN(issue_references, type_active),
    FIELD_AS(issue_references, status.name, "status_name", .flags = FIELD_INTERNAL),
    FIELD_AS(issue_references, status.category, "status_category", .flags = FIELD_INTERNAL,
             .enum_names = &status_category_names),
    FIELD_AS(issue_references, status.color, "status_color", .flags = FIELD_INTERNAL),
    FIELD_AS(issue_references, status.icon, "status_icon", .flags = FIELD_INTERNAL),
    COLUMN(issue_references, status_active),
    COLUMN(issue_references, action_ids),
};
const struct model issue_references_model =
    MODEL("IssueReferences", issue_references, issue_references_fields);

static void take_type(struct op *op, const struct issue_references *references, const char *field,
                      struct issue *issue)
{
    struct issue_type system;

    issue->type_config_id =
        uuid_is_none(references->type_id) ? system_type_general() : references->type_id;
    issue->type = references->type;
    issue->type.id = issue->type_config_id;
    if (system_type_find(issue->type_config_id, &system))
        issue->type = config_of_type(&system);
    else if (!references->type.name.data)
        op_invalid(op, field, "is not an issue type");
    else if (!references->type_active)
        op_invalid(op, field, "is an inactive issue type");
}

static void take_status(struct op *op, const struct issue_references *references, const char *field,
                        struct issue *issue)
{
    struct issue_status system;

    if (uuid_is_none(issue->status_config_id))
        issue->status_config_id = system_status_open();
    issue->status = references->status;
    issue->status.id = issue->status_config_id;
    if (system_status_find(issue->status_config_id, &system))
        issue->status = config_of_status(&system);
    else if (!references->status.name.data)
        op_invalid(op, field, "is not an issue status");
    else if (!references->status_active)
        op_invalid(op, field, "is an inactive issue status");
}

bool issue_look_up(struct op *op, const struct issue *before, const struct issue_choice *choice,
                   struct issue *issue)
{
    const struct connections *known = choice->inherited ? choice->inherited : &no_connections;
    struct links_asked asked = {.end = &issue_end,
                                .where = choice->links_field,
                                .before = before ? &before->connections : known,
                                .after = &issue->connections};
    struct issue_references references;
    bool found;

    model_clear(AS(issue_references, &references));
    links_ask(op, &asked);
    if (!sql_read_unlocked(op, ISSUE_REFERENCES, AS(issue, issue),
                           AS(issue_references, &references), &found))
        return false;
    issue->reporter_name = references.reporter_name;
    issue->assigned_person_name = references.assigned_person_name;
    if (!before || !uuid_equal(before->type_config_id, issue->type_config_id))
        take_type(op, &references, choice->type_field, issue);
    if (!before || !uuid_equal(before->status_config_id, issue->status_config_id))
        take_status(op, &references, choice->status_field, issue);
    return links_judge(op, &asked, references.action_ids);
}

/* The default type may have been deleted meanwhile: then General is the default. */
static void type_is_deleted(struct op *op, const struct issue *before, const char *field,
                            struct issue *issue)
{
    struct issue_type general;

    if (before || op_named(op, field)) {
        op_invalid(op, field, "is an inactive issue type");
        return;
    }
    issue->type_config_id = system_type_general();
    system_type_find(issue->type_config_id, &general);
    issue->type = config_of_type(&general);
}

bool issue_secure(struct op *op, enum links_lock lock, const struct issue *before,
                  const struct issue_choice *choice, struct issue *issue)
{
    struct issue_type system_type;
    struct issue_status system_status;
    struct row_id row;
    bool type_found = true, status_found = true;
    bool new_type = !before || !uuid_equal(before->type_config_id, issue->type_config_id);
    bool new_status = !before || !uuid_equal(before->status_config_id, issue->status_config_id);

    if (new_type && !system_type_find(issue->type_config_id, &system_type))
        sql_queue_row(op, ISSUE_TYPE_FOR_SHARE, AS(issue, issue), AS(row_id, &row), &type_found);
    if (new_status && !system_status_find(issue->status_config_id, &system_status))
        sql_queue_row(op, ISSUE_STATUS_FOR_SHARE, AS(issue, issue), AS(row_id, &row),
                      &status_found);
    if (!links_secure(op, &issue_end, choice->links_field, lock,
                      before ? &before->connections : &no_connections, &issue->connections))
        return false;
    if (!type_found)
        type_is_deleted(op, before, choice->type_field, issue);
    if (!status_found)
        op_invalid(op, choice->status_field, "is an inactive issue status");
    links_unique(op, &issue->connections);
    return op_valid(op);
}
