/* Plans of statements. They live as long as the pool; nothing here is per request. */
#include "pg_plan.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "db.h"
#include "log.h"
#include "memory.h"
#include "pg_codec.h"

struct statement_plan *plan_new(size_t index)
{
    struct statement_plan *plan = xcalloc(1, sizeof *plan);
    plan->index = index;
    return plan;
}

void plan_free(struct statement_plan **owner)
{
    struct statement_plan *plan = *owner;
    *owner = NULL;
    if (!plan)
        return;
    for (struct parameter_plan *next, *one = plan->bindings; one; one = next) {
        next = one->next;
        free(one->sources);
        free(one);
    }
    for (struct row_plan *next, *one = plan->rows; one; one = next) {
        next = one->next;
        free(one->fields);
        free(one->blank);
        free(one);
    }
    for (size_t i = 0; i < plan->column_count; i++)
        free(plan->column_names[i]);
    free(plan->column_names);
    free(plan->columns);
    free(plan->parameters);
    free(plan);
}

void plan_describe(struct statement *statement, const PGresult *description)
{
    struct statement_plan *plan = statement->plan;
    if (plan->parameters) /* known from a connection before */
        return;
    plan->parameter_count = (size_t)PQnparams(description);
    plan->column_count = (size_t)PQnfields(description);
    plan->parameters = xcalloc(plan->parameter_count, sizeof *plan->parameters);
    plan->columns = xcalloc(plan->column_count, sizeof *plan->columns);
    plan->column_names = xcalloc(plan->column_count, sizeof *plan->column_names);
    for (size_t i = 0; i < plan->parameter_count; i++)
        plan->parameters[i] = PQparamtype(description, (int)i);
    for (size_t i = 0; i < plan->column_count; i++) {
        plan->columns[i] = PQftype(description, (int)i);
        plan->column_names[i] = xstrdup(PQfname(description, (int)i));
    }
    assert(plan->parameter_count == statement->parameter_count);
}

static void bug(const struct statement *statement, const struct model *model, const char *name,
                Oid type, const char *message)
{
    log_error(message, LOG_CSTR("statement", statement->name),
              LOG_CSTR("model", model ? model->name : "nothing"), LOG_CSTR("name", name),
              LOG_INT("typeOid", type));
    abort();
}

static struct parameter_source find_source(const struct statement *statement, size_t index,
                                           const struct model *input)
{
    const char *name = statement->parameters[index];
    Oid type = statement->plan->parameters[index];
    struct parameter_source source = {NULL, false};
    if (input && strcmp(name, "tenant") != 0)
        source.field = model_column(input, str_of(name));
    if (!source.field) {
        source.from_context = true;
        source.field = model_column(&session_context_model, str_of(name));
    }
    if (!source.field)
        bug(statement, input, name, type, "a statement's parameter has no field");
    else if (!codec_fits(source.field->type, type))
        bug(statement, input, name, type, "a field does not fit a statement's parameter");
    return source;
}

const struct parameter_plan *plan_parameters(struct statement *statement, const struct model *input)
{
    struct statement_plan *plan = statement->plan;
    for (struct parameter_plan *known = plan->bindings; known; known = known->next) {
        if (known->model == input)
            return known;
    }
    if (statement->writes && statement->writes != input)
        bug(statement, input, statement->writes->name, 0, "a statement writes another struct");
    struct parameter_plan *made = xcalloc(1, sizeof *made);
    made->model = input;
    made->sources = xcalloc(plan->parameter_count, sizeof *made->sources);
    for (size_t i = 0; i < plan->parameter_count; i++)
        made->sources[i] = find_source(statement, i, input);
    made->next = plan->bindings;
    plan->bindings = made;
    return made;
}

const struct row_plan *plan_row(struct statement *statement, const struct model *model)
{
    struct statement_plan *plan = statement->plan;
    for (struct row_plan *known = plan->rows; known; known = known->next) {
        if (known->model == model)
            return known;
    }
    if (statement->fills && statement->fills != model)
        bug(statement, model, statement->fills->name, 0, "a statement fills another struct");
    struct row_plan *made = xcalloc(1, sizeof *made);
    made->model = model;
    /* NOLINTNEXTLINE(bugprone-sizeof-expression): an array of pointers. */
    made->fields = xcalloc(plan->column_count, sizeof *made->fields);
    made->blank = xcalloc(1, model->size);
    model_clear((struct bound){model, made->blank});
    for (size_t i = 0; i < plan->column_count; i++) {
        const char *name = plan->column_names[i];
        made->fields[i] = model_column(model, str_of(name));
        if (!made->fields[i])
            bug(statement, model, name, plan->columns[i], "a statement's column has no field");
        else if (!codec_fits(made->fields[i]->type, plan->columns[i]))
            bug(statement, model, name, plan->columns[i],
                "a field does not fit a statement's column");
    }
    made->next = plan->rows;
    plan->rows = made;
    return made;
}
