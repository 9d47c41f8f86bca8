/* sqlgen: turns queries.sql and migrations into C tables at build time, so that programs carry
 * their SQL with them and a mistake stops the build with file and line.
 *
 *   sqlgen OUT.h OUT.c --symbol service_ QUERIES.sql... [--migrations FILE.sql...]
 *
 * OUT.h declares one `struct statement` per name, `struct statement *const service_statements[]`
 * (ends with NULL) and, with --migrations, `const struct migration service_migrations[]`. It must
 * not write anything when there is a mistake. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "output.h"

static bool complain(const char *path, size_t line, const char *message)
{
    fprintf(stderr, "%s:%zu: %s\n", path, line, message);
    return false;
}

static bool read_file(struct sql_source *source)
{
    FILE *file = fopen(source->path, "rb");
    if (!file)
        return complain(source->path, 1, "cannot be read");
    size_t capacity = 0, got;
    do {
        capacity = capacity * 2 + 65536;
        source->text = realloc(source->text, capacity + 1);
        if (!source->text)
            abort();
        got = fread(source->text + source->size, 1, capacity - source->size, file);
        source->size += got;
    } while (source->size == capacity);
    source->text[source->size] = '\0';
    bool good = !ferror(file);
    fclose(file);
    if (good && memchr(source->text, '\0', source->size))
        return complain(source->path, 1, "contains a NUL byte");
    return good || complain(source->path, 1, "cannot be read");
}

/* --- Checks --- */

static bool has_tenant(const struct scan_statement *statement)
{
    for (size_t i = 0; i < statement->parameter_count; i++) {
        if (!strcmp(statement->parameters[i], "tenant"))
            return true;
    }
    return false;
}

/* A forgotten column is noticed where the struct is named. */
static bool check_writing(const struct sql_source *source, const struct scan_statement *statement)
{
    if (statement->changes && !statement->partial && !statement->writes.model)
        return complain(source->path, statement->line,
                        "this statement writes: say '-- writes: STRUCT', or '-- partial' when it "
                        "writes chosen columns");
    if (statement->partial && (!statement->changes || statement->writes.model))
        return complain(source->path, statement->line,
                        "'-- partial' is for statements that write and name no struct");
    return true;
}

static bool check_queries(const struct sql_source *source, const struct job *job)
{
    bool good = true;
    for (size_t i = 0; i < source->scan.count; i++) {
        const struct scan_statement *statement = &source->scan.items[i];
        good = check_writing(source, statement) && good;
        if (!statement->global && !has_tenant(statement))
            good = complain(source->path, statement->line,
                            "no :tenant in this statement; mark it '-- global' if that is meant");
        for (const struct sql_source *other = job->queries; other < source; other++) {
            for (size_t k = 0; k < other->scan.count; k++) {
                if (!strcmp(other->scan.items[k].name, statement->name))
                    good = complain(source->path, statement->line,
                                    "another file has a statement of this name");
            }
        }
    }
    return good;
}

static bool load_queries(struct job *job)
{
    bool good = true;
    for (size_t i = 0; i < job->query_count; i++) {
        struct sql_source *source = &job->queries[i];
        struct scan_error error;
        if (!read_file(source))
            good = false;
        else if (!scan_queries(source->text, source->size, &source->scan, &error))
            good = complain(source->path, error.line, error.message);
        else
            good = check_queries(source, job) && good;
    }
    return good;
}

/* Runtime's migrations come first, each group by name. */
static int migration_order(const void *left, const void *right)
{
    const struct sql_source *a = left, *b = right;
    if (a->runtime != b->runtime)
        return a->runtime ? -1 : 1;
    return strcmp(a->name, b->name);
}

/* Four digits, so that names sort as numbers do. */
static bool is_numbered(const char *file)
{
    return strspn(file, "0123456789") == 4 && file[4] == '_';
}

/* Two developers may have taken the same number; then one of them must take the next. */
static bool same_number(const struct sql_source *a, const struct sql_source *b)
{
    const char *left = strrchr(a->path, '/'), *right = strrchr(b->path, '/');
    return a->runtime == b->runtime &&
           strncmp(left ? left + 1 : a->path, right ? right + 1 : b->path, 5) == 0;
}

static bool load_migrations(struct job *job)
{
    bool good = true;
    for (size_t i = 0; i < job->migration_count; i++) {
        struct sql_source *source = &job->migrations[i];
        const char *slash = strrchr(source->path, '/');
        const char *file = slash ? slash + 1 : source->path;
        const char *dot = strrchr(file, '.');
        size_t stem = dot ? (size_t)(dot - file) : strlen(file);
        if (stem == 0 || stem > 200)
            return complain(source->path, 1, "the file's name is too long or empty");
        if (!is_numbered(file))
            return complain(source->path, 1, "a migration's name is like 0002_goal_color.sql");
        source->runtime = strstr(source->path, "runtime/service/migrations/") != NULL;
        snprintf(source->name, sizeof source->name, "%s%.*s", source->runtime ? "runtime/" : "",
                 (int)stem, file);
        good = read_file(source) && good;
    }
    if (job->migration_count > 1)
        qsort(job->migrations, job->migration_count, sizeof *job->migrations, migration_order);
    for (size_t i = 1; i < job->migration_count; i++) {
        if (same_number(&job->migrations[i - 1], &job->migrations[i]))
            good = complain(job->migrations[i].path, 1, "another migration has this number");
    }
    return good;
}

/* --- Output --- */

static bool write_file(const char *path, void (*put)(FILE *out, const struct job *job),
                       const struct job *job)
{
    FILE *file = fopen(path, "wb");
    if (!file)
        return complain(path, 1, "cannot be written");
    put(file, job);
    bool good = !ferror(file);
    return (fclose(file) == 0 && good) || complain(path, 1, "cannot be written");
}

/* --- Arguments --- */

static bool symbol_ok(const char *symbol)
{
    return symbol && symbol[0] >= 'a' && symbol[0] <= 'z' &&
           strspn(symbol, "abcdefghijklmnopqrstuvwxyz0123456789_") == strlen(symbol);
}

static bool read_arguments(struct job *job, int argc, char **argv)
{
    if (argc < 3)
        return false;
    job->header_path = argv[1];
    job->code_path = argv[2];
    for (int i = 3; i < argc; i++) {
        if (!strcmp(argv[i], "--symbol") && i + 1 < argc)
            job->symbol = argv[++i];
        else if (!strcmp(argv[i], "--migrations"))
            job->wants_migrations = true;
        else if (argv[i][0] == '-')
            return false;
        else if (job->wants_migrations)
            job->migrations[job->migration_count++].path = argv[i];
        else
            job->queries[job->query_count++].path = argv[i];
    }
    return symbol_ok(job->symbol);
}

int main(int argc, char **argv)
{
    struct job job = {0};
    job.queries = calloc((size_t)argc + 1, sizeof *job.queries);
    job.migrations = calloc((size_t)argc + 1, sizeof *job.migrations);
    if (!job.queries || !job.migrations)
        abort();
    int result = 1;
    if (!read_arguments(&job, argc, argv)) {
        fputs("usage: sqlgen OUT.h OUT.c --symbol NAME_ QUERIES.sql... [--migrations FILE...]\n",
              stderr);
        result = 2;
    } else {
        bool good = load_queries(&job);
        good = load_migrations(&job) && good;
        if (good && write_file(job.header_path, put_header, &job) &&
            write_file(job.code_path, put_code, &job))
            result = 0;
    }
    for (size_t i = 0; i < job.query_count; i++) {
        scan_free(&job.queries[i].scan);
        free(job.queries[i].text);
    }
    for (size_t i = 0; i < job.migration_count; i++)
        free(job.migrations[i].text);
    free(job.queries);
    free(job.migrations);
    return result;
}
