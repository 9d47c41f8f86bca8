/* Field table of what a list's answer says of its page. */
#include "paging.h"

#include <math.h>

static const char *const sort_order_texts[] = {NULL, "asc", "desc"};
static const struct enum_alias sort_order_aliases[] = {
    {"ascending", ORDER_ASCENDING}, {"descending", ORDER_DESCENDING}, {NULL, 0}};
const struct enum_names sort_order_names = ENUM_NAMES_ALSO(sort_order_texts, sort_order_aliases);

static const char *const choice_texts[] = {NULL, "true", "false"};
const struct enum_names choice_names = ENUM_NAMES(choice_texts);

#define COUNT(member_, name_, ...) \
    FIELD_AS(pagination, member_, name_, .flags = FIELD_PRESENT, __VA_ARGS__)

static const struct field pagination_fields[] = {
    COUNT(page, "page", .min = 1, .max = PAGE_LAST, .doc = "this page", .example = "1"),
    COUNT(size, "size", .min = 1, .max = HUGE_VAL, .doc = "items per page, as served",
          .example = "20"),
    COUNT(size, "limit", .min = 1, .max = HUGE_VAL, .doc = "the same as size", .example = "20"),
    COUNT(size, "pageSize", .min = 1, .max = HUGE_VAL, .doc = "the same as size", .example = "20"),
    COUNT(total, "total", .min = 0, .max = HUGE_VAL, .doc = "items on all pages", .example = "1"),
    COUNT(total_pages, "totalPages", .min = 0, .max = HUGE_VAL, .doc = "how many pages",
          .example = "1"),
    FIELD_AS(pagination, has_next, "hasMore", .doc = "there are further items", .example = "false"),
    FIELD_AS(pagination, has_next, "hasNextPage", .doc = "the same as hasMore", .example = "false"),
    FIELD_AS(pagination, has_previous, "hasPreviousPage", .doc = "there are items before this page",
             .example = "false"),
    FIELD_AS(pagination, total_is_lower_bound, "totalIsLowerBound", .flags = FIELD_NULL_OMITTED,
             .doc = "true, of a search that finds more than 10,000: total is 10,000"),
};
const struct model pagination_model = MODEL("Pagination", pagination, pagination_fields);
