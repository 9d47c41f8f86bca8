/* Paging and sorting, the same in every list. */
#ifndef TRACTION_PAGING_H
#define TRACTION_PAGING_H

#include "model.h"

/* The size of a page unless asked for otherwise, and the largest that is served; a list may have
 * its own. PAGE_LAST keeps page x size far from the end of int64_t. */
enum { PAGE_DEFAULT = 100, PAGE_MAX = 100, PAGE_LAST = 1000000000 };
/* What a search finds is told up to so many. */
enum { SEARCH_TOTAL_MAX = 10000 };
enum { CURSOR_MAX = 2000 }; /* characters */

enum sort_order { ORDER_ASCENDING = 1, ORDER_DESCENDING };

enum choice { CHOICE_TRUE = 1, CHOICE_FALSE }; /* a query's bool that may be absent */
extern const struct enum_names choice_names;

/* Part of every list's query struct; its fields are listed by PAGE_FIELDS or SORTED_FIELDS. */
struct paging {
    int64_t page;    /* from 1 */
    int64_t size;    /* 1 to the list's maximum */
    int64_t offset;  /* items before the page, instead of .page; INT_NONE: as .page says */
    struct str sort; /* "title", "-title", "title:asc", "title:desc"; absent means by creation;
                        only of lists that can be sorted, as the next */
    enum sort_order order; /* absent: as .sort says */
    /* Of lists that have cursors (CURSOR_FIELDS): */
    struct str after;     /* a page's nextCursor, instead of .page: what follows that page */
    struct str after_key; /* for SQL: what the cursor says; absent without */
    struct uuid after_id;
};

/* What a query model needs for paging; `paging` is the struct's member. SORTED_FIELDS adds what the
 * list can be sorted by, and further names of that (struct field, .sort_aliases). */
/* clang-format off */
#define PAGE_FIELDS(type_, default_, max_) \
    {.column = "page", .name = "page", .type = FIELD_INT, .offset = offsetof(struct type_, paging.page), \
     .min = 1, .max = PAGE_LAST, .default_value = 1, .doc = "page number, from 1", .example = "1"}, \
    {.column = "size", .name = "size", .type = FIELD_INT, .offset = offsetof(struct type_, paging.size), \
     .flags = FIELD_CAPPED, .min = 1, .max = (max_), .default_value = (default_), \
     .aliases = "limit pageSize", .doc = "items per page; more than the most counts as the most", .example = "20"}, \
    {.column = "offset", .name = "offset", .type = FIELD_INT, .offset = offsetof(struct type_, paging.offset), \
     .min = 0, .max = PAGE_LAST, .doc = "items before the page, in place of its number"}
#define SORTED_FIELDS(type_, sorts_, sort_aliases_, default_, max_) \
    SORTED_FIELDS_AFTER(type_, sorts_, sort_aliases_, default_, max_, "the newest first")
/* The same of a list that is in another order unless asked otherwise. */
#define SORTED_FIELDS_AFTER(type_, sorts_, sort_aliases_, default_, max_, unasked_) \
    PAGE_FIELDS(type_, default_, max_), \
    {.column = "sort", .name = "sort", .type = FIELD_TEXT, .offset = offsetof(struct type_, paging.sort), \
     .min = 1, .max = 60, .sorts = (sorts_), .sort_aliases = (sort_aliases_), .aliases = "sortBy", \
     .doc = "field, -field, field:asc or field:desc; " unasked_ " unless said otherwise"}, \
    {.column = "order", .name = "order", .type = FIELD_ENUM, .offset = offsetof(struct type_, paging.order), \
     .enum_names = &sort_order_names, .aliases = "sortOrder", \
     .doc = "in place of the direction in sort; alone by creation"}
#define CURSOR_FIELDS(type_) \
    {.column = "after", .name = "after", .type = FIELD_TEXT, .offset = offsetof(struct type_, paging.after), \
     .flags = FIELD_OPAQUE, .min = 1, .max = CURSOR_MAX, .aliases = "cursor", \
     .doc = "pagination.nextCursor of the page before, in place of page; with the same filters and sort"}, \
    FIELD_AS(type_, paging.after_key, "after_key", .flags = FIELD_INTERNAL), \
    FIELD_AS(type_, paging.after_id, "after_id", .flags = FIELD_INTERNAL)

/* What the row of a page has besides what it shows. */
#define LISTED_MEMBERS \
    int64_t total;       /* rows on all pages; of a search up to one more than SEARCH_TOTAL_MAX */ \
    struct str next_key; /* where the page after this row begins; absent: the list ends with it */
#define LISTED_FIELDS(type_) \
    FIELD(type_, total, "total", .flags = FIELD_INTERNAL | FIELD_COMPUTED), \
    FIELD(type_, next_key, "next_key", .flags = FIELD_INTERNAL | FIELD_COMPUTED)
/* clang-format on */

extern const struct enum_names sort_order_names;

/* What a list's answer says of its page. Real clients read one or the other of the names that mean
 * the same. */
struct pagination {
    int64_t page, size, total, total_pages;
    bool has_next, has_previous;
    bool total_is_lower_bound;
    struct str next_cursor; /* absent: there is no further page */
};
extern const struct model pagination_model;
extern const struct model cursor_pagination_model; /* of lists that have cursors */

#endif
