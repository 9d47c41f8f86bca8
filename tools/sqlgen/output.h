/* What sqlgen was told to do, and what it writes. */
#ifndef SQLGEN_OUTPUT_H
#define SQLGEN_OUTPUT_H

#include <stdbool.h>
#include <stdio.h>

#include "scan.h"

struct sql_source {
    const char *path;
    char *text;
    size_t size;
    struct scan scan; /* of queries */
    char name[260];   /* of migrations: "runtime/0001_base" */
    bool runtime;
};

struct job {
    const char *header_path, *code_path;
    const char *symbol;
    struct sql_source *queries, *migrations;
    size_t query_count, migration_count;
    bool wants_migrations;
};

/* OUT.h and OUT.c. */
void put_header(FILE *out, const struct job *job);
void put_code(FILE *out, const struct job *job);

#endif
