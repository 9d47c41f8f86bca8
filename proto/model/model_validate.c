/* Validates a field table for mistakes that the compiler does not find. Runs once, when a program
 * starts; requests do not use it. */
#include <stdio.h>
#include <string.h>

#include "model.h"

/* A row for bodies only may come before one for answers only. */
static bool named_before(const struct model *model, const struct field *field)
{
    for (const struct field *other = model->fields; other < field; other++)
        if (!(other->flags & FIELD_INTERNAL) && strcmp(other->name, field->name) == 0)
            return !(other->flags & FIELD_WRITE_ONLY) || !(field->flags & FIELD_READ_ONLY);
    return false;
}

/* Names are written as they are, between two quotes. */
static bool needs_escapes(const char *name)
{
    return json_text_size(str_of(name)) != strlen(name) + 2;
}

static bool enum_needs_escapes(const struct enum_names *names)
{
    for (size_t i = 1; names && i < names->count; i++)
        if (names->texts[i] && needs_escapes(names->texts[i]))
            return true;
    return false;
}

static const char *mistake_of(const struct model *model, const struct field *field)
{
    bool names =
        field->type == FIELD_ENUM || field->type == FIELD_TEXTS || field->type == FIELD_PACKED;
    bool inside = field->type == FIELD_LIST || field->type == FIELD_OBJECT;

    if (needs_escapes(field->name) || enum_needs_escapes(field->enum_names))
        return "has a name that needs escapes in JSON";
    if (field->type == FIELD_ENUM && !field->enum_names)
        return "is an enum and needs .enum_names";
    if (field->enum_names && !names)
        return "is no enum, so .enum_names do not count";
    if (field->default_value > 0 && field->type != FIELD_INT)
        return "is no whole number, so .default_value does not count";
    if (field->schemas && field->type != FIELD_PACKED)
        return "has a type, so .schemas do not count";
    if (inside && !field->model)
        return "is a list or an object and needs .model";
    if (!(field->flags & FIELD_INTERNAL) && named_before(model, field))
        return "has the name of a field before it";
    return NULL;
}

bool model_validate(const struct model *model, char *why, size_t size)
{
    for (size_t i = 0; i < model->count; i++) {
        const struct field *field = &model->fields[i];
        const char *mistake = mistake_of(model, field);
        if (mistake) {
            snprintf(why, size, "%s: \"%s\" %s", model->name, field->name, mistake);
            return false;
        }
        if (field->model && !model_validate(field->model, why, size))
            return false;
    }
    return true;
}
