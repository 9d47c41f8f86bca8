/* Which tables a read's statements name that have no trigger by which their changes are told to who
 * keeps its answers (docs/goal-cache.md). */
#ifndef TRACTION_KEPT_TABLES_H
#define TRACTION_KEPT_TABLES_H

#include <stdio.h>

#include "scan.h"
#include "service_rig.h"

static inline struct scan scanned_queries(void)
{
    static char text[1 << 20];
    FILE *file = fopen(SERVICE_QUERIES, "r");
    struct scan scan;
    struct scan_error error;

    ck_assert_ptr_nonnull(file);
    size_t size = fread(text, 1, sizeof text, file);
    fclose(file);
    ck_assert(scan_queries(text, size, &scan, &error));
    return scan;
}

/* The plan of the statement of that name, which has every table in it, as JSON. */
static inline const char *plan_of(const char *name)
{
    struct scan scan = scanned_queries();
    const struct scan_statement *found = NULL;
    const char *nulls = "NULL";

    for (size_t i = 0; i < scan.count; i++)
        if (!strcmp(scan.items[i].name, name))
            found = &scan.items[i];
    ck_assert_msg(found != NULL, "there is no %s", name);
    for (size_t i = 1; i < found->parameter_count; i++)
        nulls = format("%s, NULL", nulls);
    const char *plan =
        sql_value(format("SET plan_cache_mode = force_generic_plan; SET search_path = %s;"
                         " DEALLOCATE ALL; PREPARE p AS %s; EXPLAIN (FORMAT JSON) EXECUTE p(%s)",
                         SERVICE_SCHEMA, found->text, nulls));
    scan_free(&scan);
    return plan;
}

/* The first table without a trigger; NULL when each has one. */
static inline const char *untold_table(const char *name)
{
    static const char mark[] = "\"Relation Name\": \"";
    const char *at = plan_of(name);

    ck_assert_msg(strstr(at, mark) != NULL, "%s reads no table", name);
    while ((at = strstr(at, mark)) != NULL) {
        at += strlen(mark);
        const char *table = format("%.*s", (int)strcspn(at, "\""), at);
        if (!sql_value(format("SELECT tgname FROM pg_trigger WHERE tgname = '%s_invalidate'"
                              " AND tgrelid = '%s.%s'::regclass",
                              table, SERVICE_SCHEMA, table)))
            return table;
    }
    return NULL;
}

#define ck_told(name_)                                                                         \
    do {                                                                                       \
        const char *table_ = untold_table(name_);                                              \
        ck_assert_msg(!table_, "changes of %s are not told, which %s reads", table_, (name_)); \
    } while (0)

#endif
