/* Paging and sorting, the same in every list. */
#ifndef TRACTION_PAGING_H
#define TRACTION_PAGING_H

#include "model.h"

/* Part of every list's query struct; its fields are listed by PAGE_FIELDS or SORTED_FIELDS. */
struct paging {
    int64_t page;    /* from 1 */
    int64_t size;    /* 1 to the list's maximum */
    struct str sort; /* "title", "-title", "title:asc", "title:desc"; absent means newest first;
                        only of lists that can be sorted */
};

/* What a query model needs for paging; `paging` is the struct's member. SORTED_FIELDS adds what the
 * list can be sorted by, as op_paging is told. */
/* clang-format off */
#define PAGE_FIELDS(type_) \
    {.column = "page", .name = "page", .type = FIELD_INT, .offset = offsetof(struct type_, paging.page), \
     .doc = "page number, from 1", .example = "1"}, \
    {.column = "size", .name = "size", .type = FIELD_INT, .offset = offsetof(struct type_, paging.size), \
     .aliases = "limit pageSize", .doc = "items per page", .example = "20"}
#define SORTED_FIELDS(type_, sorts_) \
    PAGE_FIELDS(type_), \
    {.column = "sort", .name = "sort", .type = FIELD_TEXT, .offset = offsetof(struct type_, paging.sort), \
     .least = 1, .most = 60, .sorts = (sorts_), .doc = "field, -field, field:asc or field:desc"}
/* clang-format on */

#endif
