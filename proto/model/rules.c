/* The rules that a field table states about single values, the same for bodies and queries:
 * lengths, ranges, words, forms. What fields mean together is checked by hand elsewhere. */
#include <math.h>
#include <string.h>

#include "field.h"
#include "text.h"

#define FAULT(errors, path, ...) \
    (field_errors_add((errors), field_path_text((errors)->arena, (path)), __VA_ARGS__), false)

static const char *plural(double count)
{
    return count >= 1 && count < 2 ? "" : "s";
}

/* Lengths are code points; there are never more of them than bytes, so most text needs no count. */
static bool check_length(struct field_errors *errors, const struct field_path *path,
                         struct str text, double min, double max)
{
    double size = (double)text.size;

    if (max <= 0)
        max = HUGE_VAL;
    if (size <= max && size >= min * 4)
        return true;
    size = (double)utf8_length(text);
    if (size < min && size < 1)
        return FAULT(errors, path, "must not be empty");
    if (size < min)
        return FAULT(errors, path, "must be at least %.0f character%s", min, plural(min));
    if (size > max)
        return FAULT(errors, path, "must be at most %.0f character%s", max, plural(max));
    return true;
}

static bool fault_enum_names(struct field_errors *errors, const struct field_path *path,
                             const struct enum_names *names)
{
    struct buffer list = buffer_in(errors->arena, 128);

    for (size_t i = 1; i < names->count; i++) {
        if (i > 1)
            buffer_append(&list, ", ", 2);
        buffer_append(&list, names->texts[i], strlen(names->texts[i]));
    }
    return FAULT(errors, path, "must be one of " STR_FMT, STR_ARG(buffer_str(&list)));
}

/* PostgreSQL's text cannot hold it, and a query may bring it as %00. */
static bool check_characters(struct field_errors *errors, const struct field_path *path,
                             struct str text)
{
    if (text.size > 0 && memchr(text.data, '\0', text.size) != NULL)
        return FAULT(errors, path, "must not contain a NUL character");
    return true;
}

static bool check_form(struct field_errors *errors, const struct field_path *path,
                       const struct field *field, struct str text)
{
    if (field->check != NULL && !field->check(text))
        return FAULT(errors, path, "must be %s", field->pattern ? field->pattern : "valid");
    return true;
}

/* The text as it is stored. Form C combines at most four characters into one: a text that is too
 * long even then is not normalized, and the error names its length. */
static struct str clean(struct arena *arena, const struct field *field, double max, struct str text)
{
    if ((field->flags & FIELD_SHOWN) == 0)
        return text;
    text = text_trimmed(text);
    bool too_long = max > 0 && (double)utf8_length(text) > 4 * max;
    return too_long ? text : text_normalized(arena, text);
}

/* What people see and nobody may clear, whether a body must name it or not. */
static bool needs_letters(const struct field *field)
{
    return (field->flags & FIELD_REQUIRED) != 0 ||
           (field->flags & (FIELD_KEPT | FIELD_SHOWN)) == (FIELD_KEPT | FIELD_SHOWN);
}

static bool store_text(struct field_errors *errors, const struct field_path *path,
                       const struct field *field, struct str text, struct str *member)
{
    bool limited = field->min > 0 || field->max > 0;

    if (!check_characters(errors, path, text))
        return false;
    text = clean(errors->arena, field, field->max, text);
    if (needs_letters(field) && !text_is_visible(text))
        return FAULT(errors, path, "must not be blank");
    if ((limited && !check_length(errors, path, text, field->min, field->max)) ||
        !check_form(errors, path, field, text))
        return false;
    *member = text;
    return true;
}

/* A day or an instant stands for its month. */
static bool store_month(struct str text, struct month *month)
{
    struct timestamp instant;

    if (month_parse(text, &month->number))
        return true;
    if (!timestamp_parse(text, &instant))
        return false;
    month->number = month_of(instant);
    return true;
}

static bool store_time(const struct field *field, struct str text, struct timestamp *time)
{
    if (!timestamp_parse(text, time))
        return false;
    if (field->flags & FIELD_DAY)
        *time = timestamp_start_of_day(*time);
    return true;
}

bool field_store_text(struct field_errors *errors, const struct field_path *path,
                      const struct field *field, struct str text, void *member)
{
    switch (field->type) {
    case FIELD_TEXT:
        return store_text(errors, path, field, text, member);
    case FIELD_UUID:
        return uuid_parse(text, member) || FAULT(errors, path, "must be a UUID");
    case FIELD_TIME:
        return store_time(field, text, member) ||
               FAULT(errors, path,
                     "must be a date such as 2025-01-15 or a time such as 2025-01-15T10:00:00Z");
    case FIELD_MONTH:
        return store_month(text, member) ||
               FAULT(errors, path, "must be a month such as 2025-01, or a day in it");
    case FIELD_ENUM:
        *(unsigned *)member = enum_value(field->enum_names, text);
        return *(unsigned *)member != 0 || fault_enum_names(errors, path, field->enum_names);
    case FIELD_INT:
    case FIELD_DOUBLE:
    case FIELD_BOOL:
    case FIELD_TEXTS:
    case FIELD_UUIDS:
    case FIELD_PACKED:
    case FIELD_LIST:
    case FIELD_OBJECT:
        break;
    }
    return FAULT(errors, path, "must not be text");
}

bool field_same_text(struct arena *arena, const struct field *field, struct str a, struct str b)
{
    const struct field_path path = {NULL, STR_NONE, NO_INDEX};
    struct buffer first = buffer_in(arena, 64), second = buffer_in(arena, 64);
    union {
        struct str text;
        struct uuid id;
        struct timestamp time;
        struct month month;
        unsigned word;
    } one = {STR_NONE}, other = {STR_NONE};
    struct field_errors unheard;

    if (str_equal(a, b))
        return true;
    field_errors_init(&unheard, arena);
    if (!field_store_text(&unheard, &path, field, a, &one) ||
        !field_store_text(&unheard, &path, field, b, &other))
        return false;
    field_pack(&first, field, &one);
    field_pack(&second, field, &other);
    return str_equal(buffer_str(&first), buffer_str(&second));
}

bool field_fault_number(struct field_errors *errors, const struct field_path *path,
                        const struct field *field)
{
    const char *kind = field->type == FIELD_INT ? "a whole number" : "a number";
    double min = field->min, max = field->max;

    if (field->flags & FIELD_CAPPED)
        max = HUGE_VAL;
    if ((min >= 0 && min <= 0 && max >= 0 && max <= 0) || (isinf(min) && isinf(max)))
        return FAULT(errors, path, "must be %s", kind);
    if (isinf(max))
        return FAULT(errors, path, "must be %s of at least %.15g", kind, min);
    if (isinf(min))
        return FAULT(errors, path, "must be %s of at most %.15g", kind, max);
    return FAULT(errors, path, "must be %s from %.15g to %.15g", kind, min, max);
}

static bool in_range(const struct field *field, double number)
{
    bool unlimited = field->min >= 0 && field->min <= 0 && field->max >= 0 && field->max <= 0;

    return unlimited || (number >= field->min && number <= field->max);
}

bool field_store_int(struct field_errors *errors, const struct field_path *path,
                     const struct field *field, int64_t number, int64_t *member)
{
    /* The least int64_t means absent here, so nobody may send it. */
    if (number == INT_NONE || !in_range(field, (double)number))
        return field_fault_number(errors, path, field);
    *member = number;
    return true;
}

bool field_store_double(struct field_errors *errors, const struct field_path *path,
                        const struct field *field, double number, double *member)
{
    if (!isfinite(number) || !in_range(field, number))
        return field_fault_number(errors, path, field);
    *member = number;
    return true;
}

static bool store_enum_name(struct field_errors *errors, const struct field_path *path,
                            const struct enum_names *names, struct str text, struct str *item)
{
    unsigned value = enum_value(names, text);

    if (value == 0)
        return fault_enum_names(errors, path, names);
    *item = enum_name(names, value);
    return true;
}

bool field_store_item(struct field_errors *errors, const struct field_path *path,
                      const struct field *field, struct str text, struct str *item)
{
    double max = field->item_max > 0 ? field->item_max : ITEM_MAX;

    if (field->enum_names != NULL)
        return store_enum_name(errors, path, field->enum_names, text, item);
    if (!check_characters(errors, path, text))
        return false;
    text = clean(errors->arena, field, max, text);
    if (!check_length(errors, path, text, 1, max) || !check_form(errors, path, field, text))
        return false;
    if ((field->flags & FIELD_SHOWN) != 0 && !text_is_visible(text))
        return FAULT(errors, path, "must not be blank");
    *item = text;
    return true;
}

bool field_check_count(struct field_errors *errors, const struct field_path *path,
                       const struct field *field, size_t count)
{
    double max = field->max > 0 ? field->max : ARRAY_MAX;

    if ((double)count < field->min)
        return FAULT(errors, path, "must have at least %.0f item%s", field->min,
                     plural(field->min));
    if ((double)count > max)
        return FAULT(errors, path, "must have at most %.0f item%s", max, plural(max));
    return true;
}
