/* The tables of SYSTEM types and statuses. Clients may store these ids, which follow from a row's
 * index, so rows are never moved and new ones go to the end. Their names are also in the migration,
 * which reserves them. */
#include "system_config.h"

#include <assert.h>

static const struct system_row {
    enum status_category category; /* of statuses */
    int64_t order;
    const char *name, *description, *color, *icon;
} types[SYSTEM_TYPES] =
    {
        {0, 1, "Personnel", "People-related issues", "#FF6B6B", "users"},
        {0, 2, "Financial", "Budget, revenue, cost issues", "#2ECC71", "dollar-sign"},
        {0, 3, "Process", "Workflow, operational issues", "#3498DB", "cogs"},
        {0, 4, "Legal", "Compliance, legal issues", "#9B59B6", "gavel"},
        {0, 5, "Customer", "Customer-related issues", "#F39C12", "handshake"},
        {0, 6, "Technical", "Technology, infrastructure issues", "#34495E", "server"},
        {0, 7, "General", "Miscellaneous issues", "#95A5A6", "tag"},
},
  statuses[SYSTEM_STATUSES] = {
      {CATEGORY_OPEN, 1, "Open", "Issue reported, awaiting triage", "#3498db", "inbox"},
      {CATEGORY_OPEN, 2, "Backlog", "Acknowledged, queued for future work", "#7F8C8D", "list"},
      {CATEGORY_ACTIVE, 1, "In Progress", "Currently being worked on", "#F39C12", "play"},
      {CATEGORY_ACTIVE, 2, "In Review", "Work completed, under review", "#9B59B6", "eye"},
      {CATEGORY_ACTIVE, 3, "Blocked", "Work paused due to dependencies", "#E74C3C", "ban"},
      {CATEGORY_INACTIVE, 1, "On Hold", "Temporarily paused", "#E67E22", "pause"},
      {CATEGORY_INACTIVE, 2, "Deferred", "Postponed to later date", "#95A5A6", "calendar"},
      {CATEGORY_CLOSED, 1, "Resolved", "Issue fixed/completed", "#2ECC71", "check"},
      {CATEGORY_CLOSED, 2, "Closed", "Issue no longer relevant", "#34495E", "archive"},
      {CATEGORY_CLOSED, 3, "Duplicate", "Duplicate of another issue", "#BDC3C7", "copy"},
      {CATEGORY_CLOSED, 4, "Won't Fix", "Decided not to address", "#7F8C8D", "times"},
};

enum { KIND_TYPE = 1, KIND_STATUS = 2, GENERAL = 6, OPEN = 0 };

static const struct timestamp since = {INT64_C(1735689600000000)}; /* 2025-01-01 */

/* Version 7 of that instant, told apart by kind and place alone. */
static struct uuid id_of(int kind, size_t i)
{
    struct uuid id = {
        {0x01, 0x94, 0x1f, 0x29, 0x7c, 0x00, 0x70, 0x00, 0x80, 0x00, 0x00, 0x00, 0x00, 0x00}};

    id.bytes[14] = (uint8_t)kind;
    id.bytes[15] = (uint8_t)(i + 1);
    return id;
}

struct uuid system_type_general(void)
{
    return id_of(KIND_TYPE, GENERAL);
}

struct uuid system_status_open(void)
{
    return id_of(KIND_STATUS, OPEN);
}

struct uuid system_status_of(enum system_status status)
{
    return id_of(KIND_STATUS, (size_t)status);
}

struct issue_type system_type(size_t i)
{
    struct issue_type type;

    assert(i < SYSTEM_TYPES);
    model_clear(AS(issue_type, &type));
    type.id = id_of(KIND_TYPE, i);
    type.name = str_of(types[i].name);
    type.description = str_of(types[i].description);
    type.color = str_of(types[i].color);
    type.icon = str_of(types[i].icon);
    type.order_index = types[i].order;
    type.is_active = type.is_system = true;
    type.is_default = i == GENERAL;
    type.version = 1;
    type.created_at = since;
    return type;
}

struct issue_status system_status(size_t i)
{
    struct issue_status status;

    assert(i < SYSTEM_STATUSES);
    model_clear(AS(issue_status, &status));
    status.id = id_of(KIND_STATUS, i);
    status.name = str_of(statuses[i].name);
    status.description = str_of(statuses[i].description);
    status.category = statuses[i].category;
    status.color = str_of(statuses[i].color);
    status.icon = str_of(statuses[i].icon);
    status.order_index = statuses[i].order;
    status.is_active = status.is_system = true;
    status.version = 1;
    status.created_at = since;
    return status;
}

bool system_type_find(struct uuid id, struct issue_type *type)
{
    size_t i = (size_t)id.bytes[15] - 1;

    if (i >= SYSTEM_TYPES || !uuid_equal(id, id_of(KIND_TYPE, i)))
        return false;
    *type = system_type(i);
    return true;
}

bool system_status_find(struct uuid id, struct issue_status *status)
{
    size_t i = (size_t)id.bytes[15] - 1;

    if (i >= SYSTEM_STATUSES || !uuid_equal(id, id_of(KIND_STATUS, i)))
        return false;
    *status = system_status(i);
    return true;
}

struct uuids system_status_ids(struct arena *arena, enum status_category category)
{
    struct uuids ids = {arena_array(arena, SYSTEM_STATUSES, sizeof *ids.items), 0};

    for (size_t i = 0; i < SYSTEM_STATUSES; i++)
        if (statuses[i].category == category)
            ids.items[ids.count++] = id_of(KIND_STATUS, i);
    return ids;
}
