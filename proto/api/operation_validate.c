/* Validates the table of operations, and the field tables it names, for mistakes that the compiler
 * does not find. Runs once, when the gateway starts, before the tables are used. */
#include <stdio.h>
#include <string.h>

#include "operation.h"

static bool addressed_before(const struct operation *table, const struct operation *operation)
{
    for (const struct operation *other = table; operation->path && other < operation; other++)
        if (other->path && other->method == operation->method &&
            strcmp(other->path, operation->path) == 0)
            return true;
    return false;
}

static bool faults_are_codes(struct str faults)
{
    enum status status;

    while (faults.data)
        if (!status_from_code(str_cut(&faults, ' '), &status))
            return false;
    return true;
}

/* Whether each parameter of the read's path is one of the other path, too. */
static bool names_all(const char *path, const char *read)
{
    struct str rest = str_of(read);

    while (rest.data) {
        str_cut(&rest, '{');
        if (!rest.data)
            return true;
        struct str part = str_cut(&rest, '}'), left = str_of(path);
        bool found = false;
        while (!found && left.data) {
            str_cut(&left, '{');
            found = left.data && str_equal(str_cut(&left, '}'), part);
        }
        if (!found)
            return false;
    }
    return true;
}

static bool reads_again(const struct operation *operation)
{
    const struct operation *read = operation_find(str_of(operation->read_again));

    return !operation->read_again ||
           (read && (operation->flags & OPERATION_WRITES) && !(read->flags & OPERATION_WRITES) &&
            read->service == operation->service && read->reply == operation->reply &&
            !read->query && names_all(operation->path, read->path));
}

/* A leaf takes no turns: whoever waits for it may have one. */
static bool turns_are_valid(const struct operation *operation)
{
    unsigned turns =
        operation->flags & (OPERATION_LOCKS_ROW | OPERATION_SHARES_ROW | OPERATION_LOCKS_TENANT);

    if (turns == 0)
        return true;
    if (!(operation->flags & OPERATION_WRITES) || (operation->flags & OPERATION_NO_CALLS))
        return false;
    return turns == OPERATION_LOCKS_TENANT ||
           ((turns == OPERATION_LOCKS_ROW || turns == OPERATION_SHARES_ROW) &&
            operation_row_name(operation).size > 0);
}

static const char *mistake_of(const struct operation *table, const struct operation *operation)
{
    if (!operation->tag || !operation->summary)
        return "needs .tag and .summary";
    if (!faults_are_codes(str_of(operation->faults)))
        return "has a code in .faults that is none";
    if (!turns_are_valid(operation))
        return "takes turns without being a write, of the row that its path names or of its "
               "tenant, or is a leaf";
    if (!reads_again(operation))
        return "has something in .read_again that does not answer the same";
    if (addressed_before(table, operation))
        return "has the method and path of an operation before it";
    return NULL;
}

static bool row_is_valid(const struct model *model, char *why, size_t size)
{
    return !model || model_validate(model, why, size);
}

bool operations_validate(const struct operation *table, size_t count, char *why, size_t size)
{
    for (size_t i = 0; i < count; i++) {
        const char *mistake = mistake_of(table, &table[i]);
        if (mistake) {
            snprintf(why, size, "%s %s", table[i].name, mistake);
            return false;
        }
        if (!row_is_valid(table[i].query, why, size) || !row_is_valid(table[i].body, why, size) ||
            !row_is_valid(table[i].reply, why, size))
            return false;
    }
    return true;
}
