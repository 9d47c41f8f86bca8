/* Field tables by themselves: finding a field by its column, clearing, words. Reading and writing
 * messages is in decode.c, query.c and encode.c. */
#include "model.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "field.h"

void field_clear(const struct field *field, void *target)
{
    void *member = field_member(field, target);

    switch (field->type) {
    case FIELD_TEXT:
        *(struct str *)member = STR_NONE;
        break;
    case FIELD_UUID:
        memset(member, 0, sizeof(struct uuid));
        break;
    case FIELD_INT:
        *(int64_t *)member = INT_NONE;
        break;
    case FIELD_DOUBLE:
        *(double *)member = (double)NAN;
        break;
    case FIELD_BOOL:
        *(bool *)member = false;
        break;
    case FIELD_TIME:
        *(struct timestamp *)member = TIMESTAMP_NONE;
        break;
    case FIELD_MONTH:
        *(struct month *)member = MONTH_NONE;
        break;
    case FIELD_ENUM:
        *(unsigned *)member = 0;
        break;
    case FIELD_TEXTS:
        *(struct texts *)member = (struct texts){NULL, 0};
        break;
    case FIELD_UUIDS:
        *(struct uuids *)member = (struct uuids){NULL, 0};
        break;
    case FIELD_PACKED:
        *(struct packed *)member = (struct packed){STR_NONE};
        break;
    case FIELD_LIST:
        *(struct list *)member = (struct list){NULL, 0};
        break;
    case FIELD_OBJECT:
        model_clear((struct bound){field->model, member});
        break;
    }
}

void model_clear(struct bound target)
{
    for (size_t i = 0; i < target.model->count; i++)
        field_clear(&target.model->fields[i], target.data);
}

static bool object_is_absent(const struct model *model, const void *source)
{
    for (size_t i = 0; i < model->count; i++)
        if (!field_is_absent(&model->fields[i], source))
            return false;
    return true;
}

bool field_is_absent(const struct field *field, const void *source)
{
    const void *member = (const char *)source + field->offset;

    switch (field->type) {
    case FIELD_TEXT:
        return ((const struct str *)member)->data == NULL;
    case FIELD_UUID:
        return uuid_is_none(*(const struct uuid *)member);
    case FIELD_INT:
        return *(const int64_t *)member == INT_NONE;
    case FIELD_DOUBLE:
        return isnan(*(const double *)member);
    case FIELD_BOOL:
        return (field->flags & FIELD_NULL_OMITTED) && !*(const bool *)member;
    case FIELD_TIME:
        return timestamp_is_none(*(const struct timestamp *)member);
    case FIELD_MONTH:
        return ((const struct month *)member)->number == MONTH_NONE.number;
    case FIELD_ENUM:
        return *(const unsigned *)member == 0;
    case FIELD_TEXTS:
        return ((const struct texts *)member)->items == NULL;
    case FIELD_UUIDS:
        return ((const struct uuids *)member)->items == NULL;
    case FIELD_PACKED:
        return ((const struct packed *)member)->bytes.data == NULL;
    case FIELD_LIST:
        return ((const struct list *)member)->items == NULL;
    case FIELD_OBJECT:
        return object_is_absent(field->model, member);
    }
    return true;
}

const struct field *model_column(const struct model *model, struct str column)
{
    for (size_t i = 0; i < model->count; i++)
        if (str_equal(str_of(model->fields[i].column), column))
            return &model->fields[i];
    return NULL;
}

struct str enum_name(const struct enum_names *names, unsigned value)
{
    assert(value < names->count);
    return value == 0 ? STR_NONE : str_of(names->texts[value]);
}

static char lower(char c)
{
    return (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

static bool is_separator(char c)
{
    return c == '_' || c == '-' || c == ' ';
}

bool enum_name_matches(struct str text, const char *word)
{
    size_t at = 0;

    for (; *word != '\0'; word++) {
        bool between = at > 0 && at < text.size && is_separator(text.data[at]);
        if (*word == '_' || *word == ' ') {
            at += between;
            continue;
        }
        at += between && *word >= 'A' && *word <= 'Z'; /* point_in_time is pointInTime */
        if (at >= text.size || lower(text.data[at++]) != lower(*word)) {
            return false;
        }
    }
    return text.data && at == text.size;
}

unsigned enum_value(const struct enum_names *names, struct str text)
{
    for (unsigned i = 1; i < names->count; i++)
        if (enum_name_matches(text, names->texts[i]))
            return i;
    for (const struct enum_alias *alias = names->aliases; alias && alias->text; alias++)
        if (enum_name_matches(text, alias->text))
            return alias->value;
    return 0;
}
