/* Paging and sorting, the same in every list. */
#ifndef TRACTION_PAGING_H
#define TRACTION_PAGING_H

#include "model.h"

/* The size of a page unless asked for otherwise, and the largest that is served; a list may have
 * its own. PAGE_LAST keeps page x size far from the end of int64_t. */
enum { PAGE_DEFAULT = 100, PAGE_MAX = 100, PAGE_LAST = 1000000000 };

/* Part of every list's query struct; its fields are listed by PAGE_FIELDS or SORTED_FIELDS. */
struct paging {
    int64_t page;    /* from 1 */
    int64_t size;    /* 1 to the list's maximum */
    struct str sort; /* "title", "-title", "title:asc", "title:desc"; absent means newest first;
                        only of lists that can be sorted */
};

/* What a query model needs for paging; `paging` is the struct's member. SORTED_FIELDS adds what the
 * list can be sorted by, as op_paging has them. */
/* clang-format off */
#define PAGE_FIELDS(type_, default_, max_) \
    {.column = "page", .name = "page", .type = FIELD_INT, .offset = offsetof(struct type_, paging.page), \
     .min = 1, .max = PAGE_LAST, .default_value = 1, .doc = "page number, from 1", .example = "1"}, \
    {.column = "size", .name = "size", .type = FIELD_INT, .offset = offsetof(struct type_, paging.size), \
     .flags = FIELD_CAPPED, .min = 1, .max = (max_), .default_value = (default_), \
     .aliases = "limit pageSize", .doc = "items per page; more than the most counts as the most", .example = "20"}
#define SORTED_FIELDS(type_, sorts_, default_, max_) \
    PAGE_FIELDS(type_, default_, max_), \
    {.column = "sort", .name = "sort", .type = FIELD_TEXT, .offset = offsetof(struct type_, paging.sort), \
     .min = 1, .max = 60, .sorts = (sorts_), .doc = "field, -field, field:asc or field:desc"}
/* clang-format on */

/* What a list's answer says of its page. Real clients read one or the other of the names that mean
 * the same. */
struct pagination {
    int64_t page, size, total, total_pages;
    bool has_next, has_previous;
};
extern const struct model pagination_model;

#endif
