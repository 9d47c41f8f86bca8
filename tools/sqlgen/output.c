/* The C tables: a struct statement for each name, migrations as text. */
#include "output.h"

#include <string.h>

/* Any text as a C literal: octal escapes always have three digits, so no digit after them can join
 * in, and '?' is escaped because of trigraphs. */
static void put_literal(FILE *out, const char *text)
{
    fputc('"', out);
    for (const unsigned char *c = (const unsigned char *)text; *c; c++) {
        if (*c == '\n')
            fputs(c[1] ? "\\n\"\n    \"" : "\\n", out);
        else if (*c == '"' || *c == '\\' || *c == '?')
            fprintf(out, "\\%c", *c);
        else if (*c < 0x20 || *c >= 0x7f)
            fprintf(out, "\\%03o", *c);
        else
            fputc(*c, out);
    }
    fputc('"', out);
}

static void put_lower(FILE *out, const char *name)
{
    for (; *name; name++)
        fputc(*name >= 'A' && *name <= 'Z' ? *name - 'A' + 'a' : *name, out);
}

/* The columns that a mark leaves out. */
static void put_exceptions(FILE *out, const struct scan_statement *statement,
                           const struct scan_mark *mark, const char *what)
{
    if (mark->exception_count == 0)
        return;
    fputs("\nstatic const char *const ", out);
    put_lower(out, statement->name);
    fprintf(out, "_%s[] = {", what);
    for (size_t i = 0; i < mark->exception_count; i++)
        fprintf(out, "\"%s\", ", mark->exceptions[i]);
    fputs("NULL};", out);
}

static void put_mark(FILE *out, const struct scan_statement *statement,
                     const struct scan_mark *mark, const char *member, const char *exceptions)
{
    if (!mark->model)
        return;
    fprintf(out, ",\n    .%s = &%s_model", member, mark->model);
    if (mark->exception_count == 0)
        return;
    fprintf(out, ", .%s = ", exceptions);
    put_lower(out, statement->name);
    fprintf(out, "_%s", exceptions);
}

static void put_statement(FILE *out, const struct scan_statement *statement)
{
    put_exceptions(out, statement, &statement->fills, "unfilled");
    put_exceptions(out, statement, &statement->writes, "unwritten");
    if (statement->parameter_count > 0) {
        fputs("\nstatic const char *const ", out);
        put_lower(out, statement->name);
        fputs("_parameters[] = {", out);
        for (size_t i = 0; i < statement->parameter_count; i++)
            fprintf(out, "%s\"%s\"", i ? ", " : "", statement->parameters[i]);
        fputs("};", out);
    }
    fputs("\nstruct statement ", out);
    put_lower(out, statement->name);
    fprintf(out, "_statement = {\n    .name = \"%s\",\n    .text = ", statement->name);
    put_literal(out, statement->text);
    if (statement->parameter_count > 0) {
        fputs(",\n    .parameters = ", out);
        put_lower(out, statement->name);
        fprintf(out, "_parameters, .parameter_count = %zu", statement->parameter_count);
    }
    put_mark(out, statement, &statement->fills, "fills", "unfilled");
    put_mark(out, statement, &statement->writes, "writes", "unwritten");
    if (statement->sorts.model)
        fprintf(out, ",\n    .sorts = %s_sort_fields", statement->sorts.model);
    if (statement->is_long)
        fputs(",\n    .long_read = true", out);
    fprintf(out, ",\n    .global = %s};\n", statement->global ? "true" : "false");
}

void put_code(FILE *out, const struct job *job)
{
    const char *slash = strrchr(job->header_path, '/');
    fprintf(out, "/* Made by sqlgen; do not edit. */\n#include \"%s\"\n\n",
            slash ? slash + 1 : job->header_path);
    fputs("#pragma GCC diagnostic ignored \"-Woverlength-strings\"\n", out);
    for (size_t i = 0; i < job->query_count; i++) {
        for (size_t k = 0; k < job->queries[i].scan.count; k++)
            put_statement(out, &job->queries[i].scan.items[k]);
    }
    fprintf(out, "\nstruct statement *const %sstatements[] = {\n", job->symbol);
    for (size_t i = 0; i < job->query_count; i++) {
        for (size_t k = 0; k < job->queries[i].scan.count; k++)
            fprintf(out, "    %s,\n", job->queries[i].scan.items[k].name);
    }
    fputs("    NULL,\n};\n", out);
    if (!job->wants_migrations)
        return;
    fprintf(out, "\nconst struct migration %smigrations[] = {\n", job->symbol);
    for (size_t i = 0; i < job->migration_count; i++) {
        fputs("    {", out);
        put_literal(out, job->migrations[i].name);
        fputs(",\n    ", out);
        put_literal(out, job->migrations[i].text);
        fputs("},\n", out);
    }
    fputs("    {NULL, NULL},\n};\n", out);
}

/* What marks refer to; a wrong name does not link. The same declaration may come again. */
static void put_declarations(FILE *out, const struct scan_statement *statement)
{
    const struct scan_mark *marks[] = {&statement->fills, &statement->writes};
    for (size_t i = 0; i < 2; i++) {
        if (marks[i]->model)
            fprintf(out, "extern const struct model %s_model;\n", marks[i]->model);
    }
    if (statement->sorts.model)
        fprintf(out, "extern const char *const %s_sort_fields[];\n", statement->sorts.model);
}

void put_header(FILE *out, const struct job *job)
{
    fputs("/* Made by sqlgen; do not edit. */\n#ifndef SQLGEN_", out);
    for (const char *c = job->symbol; *c; c++)
        fputc(*c >= 'a' && *c <= 'z' ? *c - 'a' + 'A' : *c, out);
    fputs("H\n", out);
    fputs("#define SQLGEN_", out);
    for (const char *c = job->symbol; *c; c++)
        fputc(*c >= 'a' && *c <= 'z' ? *c - 'a' + 'A' : *c, out);
    fputs("H\n\n#include \"statement.h\"\n\n", out);
    for (size_t i = 0; i < job->query_count; i++) {
        for (size_t k = 0; k < job->queries[i].scan.count; k++) {
            const char *name = job->queries[i].scan.items[k].name;
            put_declarations(out, &job->queries[i].scan.items[k]);
            fputs("extern struct statement ", out);
            put_lower(out, name);
            fprintf(out, "_statement;\n#define %s (&", name);
            put_lower(out, name);
            fputs("_statement)\n", out);
        }
    }
    fprintf(out, "\nextern struct statement *const %sstatements[]; /* ends with NULL */\n",
            job->symbol);
    if (job->wants_migrations)
        fprintf(out, "extern const struct migration %smigrations[]; /* ends with {NULL, NULL} */\n",
                job->symbol);
    fputs("\n#endif\n", out);
}
