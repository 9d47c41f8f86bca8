/* Field tables of issue types and statuses. */
#include "issue_config.h"

static const char *const category_texts[] = {NULL, "open", "active", "inactive", "closed"};
const struct enum_names status_category_names = ENUM_NAMES(category_texts);

/* #RGB or #RRGGBB. */
static bool is_color(struct str text)
{
    if ((text.size != 4 && text.size != 7) || text.data[0] != '#')
        return false;
    for (size_t i = 1; i < text.size; i++) {
        char c = text.data[i];
        if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F')))
            return false;
    }
    return true;
}
/* As RECORD_FIELDS, but SYSTEM ones were created by nobody and never change. */
#define CONFIG_RECORD_FIELDS(type_)                                                 \
    FIELD(type_, created_at, "createdAt", .flags = FIELD_READ_ONLY | FIELD_PRESENT, \
          .doc = "when it was created"),                                            \
        FIELD(type_, updated_at, "updatedAt", .flags = FIELD_READ_ONLY,             \
              .doc = "when it last changed; null for SYSTEM ones"),                 \
        FIELD(type_, created_by, "createdBy", .flags = FIELD_READ_ONLY,             \
              .doc = "id of the person who created it"),                            \
        FIELD(type_, updated_by, "updatedBy", .flags = FIELD_READ_ONLY,             \
              .doc = "id of the person who last changed it")

#define COLOR .check = is_color, .pattern = "a hexadecimal color such as #FF6B6B"

static const struct field issue_type_fields[] = {
    FIELD(issue_type, id, "id", .flags = FIELD_READ_ONLY, .doc = "UUIDv7"),
    FIELD(issue_type, name, "name", .flags = FIELD_REQUIRED | FIELD_SHOWN, .min = 1, .max = 100,
          .doc = "unique within the tenant, in any case, names of SYSTEM types included",
          .example = "\"Marketing\""),
    FIELD(issue_type, description, "description", .flags = FIELD_SHOWN, .max = 1000,
          .doc = "what belongs to it"),
    FIELD(issue_type, color, "color", COLOR, .doc = "hexadecimal", .example = "\"#4ECDC4\""),
    FIELD(issue_type, icon, "icon", .flags = FIELD_SHOWN, .min = 1, .max = 100,
          .doc = "an icon's name", .example = "\"bullhorn\""),
    FIELD(issue_type, order_index, "order", .flags = FIELD_KEPT, .min = 1, .max = 1000000,
          .doc = "place in lists, from 1; last unless said otherwise"),
    FIELD(issue_type, is_active, "isActive", .flags = FIELD_KEPT,
          .doc = "may be given to issues; changed by DELETE and :activate alone"),
    FIELD(issue_type, is_system, "isSystemType", .flags = FIELD_KEPT | FIELD_COMPUTED,
          .doc = "every tenant has it and nobody can change it; cannot be changed"),
    FIELD(issue_type, is_default, "isDefault", .flags = FIELD_KEPT | FIELD_COMPUTED,
          .doc = "the type of issues that are created without one; a tenant has exactly one"),
    CONFIG_RECORD_FIELDS(issue_type),
    COLUMN(issue_type, version),
};
const struct model issue_type_model = MODEL("IssueType", issue_type, issue_type_fields);

static const struct field issue_status_fields[] = {
    FIELD(issue_status, id, "id", .flags = FIELD_READ_ONLY, .doc = "UUIDv7"),
    FIELD(issue_status, name, "name", .flags = FIELD_REQUIRED | FIELD_SHOWN, .min = 1, .max = 100,
          .doc = "unique within the tenant, in any case, names of SYSTEM statuses included",
          .example = "\"Pending Approval\""),
    FIELD(issue_status, description, "description", .flags = FIELD_SHOWN, .max = 1000,
          .doc = "what it means"),
    FIELD(issue_status, category, "category", .flags = FIELD_REQUIRED,
          .enum_names = &status_category_names, .doc = "cannot be changed later"),
    FIELD(issue_status, color, "color", COLOR, .doc = "hexadecimal", .example = "\"#F39C12\""),
    FIELD(issue_status, icon, "icon", .flags = FIELD_SHOWN, .min = 1, .max = 100,
          .doc = "an icon's name", .example = "\"clock\""),
    FIELD(issue_status, order_index, "order", .flags = FIELD_KEPT, .min = 1, .max = 1000000,
          .doc = "place within its category, from 1; last unless said otherwise"),
    FIELD(issue_status, is_active, "isActive", .flags = FIELD_KEPT,
          .doc = "may be given to issues; changed by DELETE and :activate alone"),
    FIELD(issue_status, is_system, "isSystemStatus", .flags = FIELD_KEPT | FIELD_COMPUTED,
          .doc = "every tenant has it and nobody can change it; cannot be changed"),
    CONFIG_RECORD_FIELDS(issue_status),
    COLUMN(issue_status, version),
};
const struct model issue_status_model = MODEL("IssueStatus", issue_status, issue_status_fields);

static const struct field issue_type_query_fields[] = {
    FIELD(issue_type_query, include_inactive, "includeInactive", .enum_names = &choice_names,
          .doc = "deleted ones, too; false unless said otherwise"),
    FIELD(issue_type_query, include_system, "includeSystem", .enum_names = &choice_names,
          .doc = "SYSTEM types, too; true unless said otherwise"),
};
const struct model issue_type_query_model =
    MODEL("IssueTypeQuery", issue_type_query, issue_type_query_fields);

static const struct field issue_status_query_fields[] = {
    FIELD(issue_status_query, category, "category", .enum_names = &status_category_names,
          .doc = "one or more, by commas"),
    FIELD(issue_status_query, include_inactive, "includeInactive", .enum_names = &choice_names,
          .doc = "deleted ones, too; false unless said otherwise"),
    FIELD(issue_status_query, include_system, "includeSystem", .enum_names = &choice_names,
          .doc = "SYSTEM statuses, too; true unless said otherwise"),
};
const struct model issue_status_query_model =
    MODEL("IssueStatusQuery", issue_status_query, issue_status_query_fields);

static const struct field issue_status_reorder_fields[] = {
    FIELD(issue_status_reorder, category, "category", .flags = FIELD_REQUIRED,
          .enum_names = &status_category_names, .doc = "whose statuses get a new order"),
    FIELD(issue_status_reorder, status_ids, "statusIds", .flags = FIELD_REQUIRED, .min = 1,
          .max = 1000,
          .doc = "active statuses of the category in their new order; those that are not named "
                 "follow in the order they have"),
};
const struct model issue_status_reorder_model =
    MODEL("IssueStatusReorder", issue_status_reorder, issue_status_reorder_fields);

static const struct field issue_config_fields[] = {
    FIELD(issue_config, id, "id", .doc = "of the type or status"),
    FIELD(issue_config, name, "name", .flags = FIELD_PRESENT, .doc = "its name",
          .example = "\"In Progress\""),
    FIELD(issue_config, category, "category", .enum_names = &status_category_names,
          .doc = "of a status; null for types"),
    FIELD(issue_config, color, "color", .doc = "hexadecimal"),
    FIELD(issue_config, icon, "icon", .doc = "an icon's name"),
};
const struct model issue_config_model = MODEL("IssueConfig", issue_config, issue_config_fields);
