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

/* One array for two models, each a part of it. */
static const struct field pagination_fields[] = {
    /* Of lists that have cursors only (cursor_pagination_model): */
    FIELD_AS(pagination, next_cursor, "nextCursor", .max = CURSOR_MAX,
             .doc = "opaque: the next page, as after of the same request; null on the last page",
             .example = "\"AYqk0vTJc3rLAZRpL38AfDqbHl0vAAAAAXYyMDI2\""),
    /* Of others, too: */
    FIELD_AS(pagination, page, "page", .min = 1, .max = PAGE_LAST,
             .doc = "this page; null when it was asked for by after", .example = "1"),
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
enum { PAGINATION_CURSOR_PARTS = 1 };
const struct model cursor_pagination_model =
    MODEL("CursorPagination", pagination, pagination_fields);
const struct model pagination_model = {
    "Pagination", sizeof(struct pagination), pagination_fields + PAGINATION_CURSOR_PARTS,
    sizeof pagination_fields / sizeof *pagination_fields - PAGINATION_CURSOR_PARTS};
