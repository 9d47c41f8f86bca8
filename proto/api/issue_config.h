/* Issue types and statuses: the SYSTEM ones that every tenant has, and a tenant's own. */
#ifndef TRACTION_ISSUE_CONFIG_H
#define TRACTION_ISSUE_CONFIG_H

#include "model.h"
#include "paging.h"
#include "record.h"

enum status_category { CATEGORY_OPEN = 1, CATEGORY_ACTIVE, CATEGORY_INACTIVE, CATEGORY_CLOSED };
extern const struct enum_names status_category_names;

struct issue_type {
    struct uuid id;
    struct str name; /* unique per tenant without regard to case */
    struct str description, color, icon;
    int64_t order_index; /* "order"; places may be shared */
    bool is_active, is_system, is_default;
    RECORD_MEMBERS;
};
extern const struct model issue_type_model;

struct issue_status {
    struct uuid id;
    struct str name; /* unique per tenant without regard to case */
    struct str description;
    enum status_category category; /* never changes */
    struct str color, icon;
    int64_t order_index; /* "order", within its category */
    bool is_active, is_system;
    RECORD_MEMBERS;
};
extern const struct model issue_status_model;

struct issue_type_query {
    enum choice include_inactive, include_system;
};
extern const struct model issue_type_query_model;

struct issue_status_query {
    struct texts category; /* words */
    enum choice include_inactive, include_system;
};
extern const struct model issue_status_query_model;

struct issue_status_reorder {
    enum status_category category;
    struct uuids status_ids;
};
extern const struct model issue_status_reorder_model;

/* What an issue shows of its type or status. */
struct issue_config {
    struct uuid id;
    struct str name;
    enum status_category category; /* of statuses only */
    struct str color, icon;
};
extern const struct model issue_config_model;

#endif
