/* The scanner of queries.sql, which runs at build time on our own files and still trusts no byte.
 */
#include "fuzz.h"
#include "scan.h"

static void check_statement(const struct scan_statement *statement)
{
    MUST(statement->line > 0);
    MUST(strlen(statement->name) > 0 && strlen(statement->name) <= SCAN_NAME_MAX);
    MUST(strlen(statement->text) > 0 && statement->parameter_count <= SCAN_PARAMETERS_MAX);
    for (size_t i = 0; i < statement->parameter_count; i++)
        MUST(strlen(statement->parameters[i]) > 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str text = fuzz_exact(data, size);
    struct scan scan;
    struct scan_error error = {0};

    if (scan_queries(text.data, text.size, &scan, &error)) {
        for (size_t i = 0; i < scan.count; i++)
            check_statement(&scan.items[i]);
    } else {
        MUST(error.line > 0 && error.message[0] != '\0');
    }
    scan_free(&scan);
    free((void *)(uintptr_t)text.data);
    return 0;
}
