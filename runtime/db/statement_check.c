/* Compares statements with the field tables of the structs that they name. */
#include "statement_check.h"

#include <string.h>

#include "log.h"
#include "model.h"
#include "pg_codec.h"
#include "pg_plan.h"

static bool mistake(const struct statement *statement, const struct model *model,
                    const char *column, const char *message)
{
    log_error(message, LOG_CSTR("statement", statement->name),
              LOG_CSTR("model", model ? model->name : ""), LOG_CSTR("column", column));
    return false;
}

static bool is_listed(const char *name, const char *const *names)
{
    for (; names && *names; names++)
        if (strcmp(*names, name) == 0)
            return true;
    return false;
}

static bool has_parameter(const struct statement *statement, const char *name)
{
    for (size_t i = 0; i < statement->parameter_count; i++)
        if (strcmp(statement->parameters[i], name) == 0)
            return true;
    return false;
}

static bool has_column(const struct statement *statement, const char *name)
{
    const struct statement_plan *plan = statement->plan;

    for (size_t i = 0; i < plan->column_count; i++)
        if (strcmp(plan->column_names[i], name) == 0)
            return true;
    return false;
}

/* --- Structs --- */

/* One direction: rows that fill a struct, or parameters that store it. */
struct side {
    const struct model *model;
    const char *const *exceptions;
    unsigned elsewhere; /* flags of fields that this side has nothing to do with */
    bool (*has)(const struct statement *statement, const char *column);
    const char *forgotten, *needless, *unknown; /* messages */
};

static bool is_expected(const struct field *field, const struct side *side)
{
    return field->type != FIELD_LIST && field->type != FIELD_OBJECT &&
           !(field->flags & side->elsewhere);
}

static bool check_side(const struct statement *statement, const struct side *side)
{
    bool good = true;

    for (size_t i = 0; side->model && i < side->model->count; i++) {
        const struct field *field = &side->model->fields[i];
        const char *column = field->column;
        bool there = side->has(statement, column), left = is_listed(column, side->exceptions);
        if (there && left)
            good = mistake(statement, side->model, column, side->needless);
        if (!there && !left && is_expected(field, side))
            good = mistake(statement, side->model, column, side->forgotten);
    }
    for (const char *const *name = side->exceptions; name && *name; name++)
        if (!model_column(side->model, str_of(*name)))
            good = mistake(statement, side->model, *name, side->unknown);
    return good;
}

/* SELECT of a function that answers nothing has a column, too. */
static bool answers_rows(const struct statement *statement)
{
    const struct statement_plan *plan = statement->plan;

    for (size_t i = 0; i < plan->column_count; i++)
        if (plan->columns[i] != PG_VOID)
            return true;
    return false;
}

static bool check_rows(struct statement *statement)
{
    const struct side rows = {
        .model = statement->fills,
        .exceptions = statement->unfilled,
        .elsewhere = FIELD_COMPUTED,
        .has = has_column,
        .forgotten = "a statement does not deliver a field",
        .needless = "a statement delivers a field that it says it does not",
        .unknown = "a statement excepts a field that there is not",
    };

    if (!statement->fills)
        return !answers_rows(statement) ||
               mistake(statement, NULL, statement->plan->column_names[0],
                       "a statement does not say what its rows fill");
    return check_side(statement, &rows) && plan_row(statement, statement->fills);
}

static bool check_writing(struct statement *statement)
{
    const struct side stored = {
        .model = statement->writes,
        .exceptions = statement->unwritten,
        .elsewhere = FIELD_COMPUTED | FIELD_JOINED,
        .has = has_parameter,
        .forgotten = "a statement does not write a field",
        .needless = "a statement writes a field that it says it does not",
        .unknown = "a statement excepts a field that there is not",
    };

    return check_side(statement, &stored) &&
           (!statement->writes || plan_parameters(statement, statement->writes));
}

/* --- Sorting --- */

#define WHEN "WHEN '"

/* Whether the statement has WHEN 'name'; and whether all that it has so are names of the list. */
static bool sorts_by(const char *text, const char *name)
{
    size_t size = strlen(name);

    while ((text = strstr(text, WHEN))) {
        text += strlen(WHEN);
        if (strncmp(text, name, size) == 0 && text[size] == '\'')
            return true;
    }
    return false;
}

static bool check_sorting(const struct statement *statement)
{
    const char *text = statement->text;
    bool good = true;

    if (!statement->sorts)
        return !has_parameter(statement, "sort_field") ||
               mistake(statement, NULL, "sort_field", "a statement does not say what it sorts");
    for (const char *const *name = statement->sorts; *name; name++)
        if (!sorts_by(text, *name))
            good = mistake(statement, NULL, *name, "a statement does not sort by a field");
    while ((text = strstr(text, WHEN))) {
        char name[64] = "";
        text += strlen(WHEN);
        size_t size = strcspn(text, "'");
        if (size < sizeof name)
            memcpy(name, text, size);
        if (!is_listed(name, statement->sorts))
            good = mistake(statement, NULL, name, "a statement sorts by what is no sort field");
    }
    return good;
}

bool statement_check(struct statement *statement)
{
    bool rows = check_rows(statement), writing = check_writing(statement);

    return check_sorting(statement) && rows && writing;
}
