/* The rules that a field table states about single values, the same for bodies and queries:
 * lengths, ranges, words, forms. What fields mean together is checked by hand elsewhere. */
#include <math.h>
#include <string.h>

#include "field.h"
#include "text.h"

#define FAULT(errors, place, ...) \
    (field_errors_add((errors), place_text((errors)->arena, (place)), __VA_ARGS__), false)

static const char *plural(double count)
{
    return count >= 1 && count < 2 ? "" : "s";
}

/* Lengths are code points; there are never more of them than bytes, so most text needs no count. */
static bool check_length(struct field_errors *errors, const struct place *place, struct str text,
                         double least, double most)
{
    double size = (double)text.size;

    if (most <= 0)
        most = HUGE_VAL;
    if (size <= most && size >= least * 4)
        return true;
    size = (double)utf8_length(text);
    if (size < least && size < 1)
        return FAULT(errors, place, "must not be empty");
    if (size < least)
        return FAULT(errors, place, "must be at least %.0f character%s", least, plural(least));
    if (size > most)
        return FAULT(errors, place, "must be at most %.0f character%s", most, plural(most));
    return true;
}

static bool fault_words(struct field_errors *errors, const struct place *place,
                        const struct words *words)
{
    struct buffer list = buffer_in(errors->arena, 128);

    for (size_t i = 1; i < words->count; i++) {
        if (i > 1)
            buffer_append(&list, ", ", 2);
        buffer_append(&list, words->texts[i], strlen(words->texts[i]));
    }
    return FAULT(errors, place, "must be one of " STR_FMT, STR_ARG(buffer_str(&list)));
}

/* PostgreSQL's text cannot hold it, and a query may bring it as %00. */
static bool check_characters(struct field_errors *errors, const struct place *place,
                             struct str text)
{
    if (text.size > 0 && memchr(text.data, '\0', text.size) != NULL)
        return FAULT(errors, place, "must not contain a NUL character");
    return true;
}

static bool check_form(struct field_errors *errors, const struct place *place,
                       const struct field *field, struct str text)
{
    if (field->check != NULL && !field->check(text))
        return FAULT(errors, place, "must be %s", field->pattern ? field->pattern : "valid");
    return true;
}

/* The text as it is stored. Form C combines at most four characters into one: a text that is too
 * long even then is not normalized, and the error names its length. */
static struct str clean(struct arena *arena, const struct field *field, double most,
                        struct str text)
{
    if ((field->flags & FIELD_SHOWN) == 0)
        return text;
    text = text_trimmed(text);
    bool too_long = most > 0 && (double)utf8_length(text) > 4 * most;
    return too_long ? text : text_normalized(arena, text);
}

static bool store_text(struct field_errors *errors, const struct place *place,
                       const struct field *field, struct str text, struct str *member)
{
    bool limited = field->least > 0 || field->most > 0;

    if (!check_characters(errors, place, text))
        return false;
    text = clean(errors->arena, field, field->most, text);
    if ((field->flags & FIELD_REQUIRED) != 0 && !text_is_visible(text))
        return FAULT(errors, place, "must not be blank");
    if ((limited && !check_length(errors, place, text, field->least, field->most)) ||
        !check_form(errors, place, field, text))
        return false;
    *member = text;
    return true;
}

bool field_store_text(struct field_errors *errors, const struct place *place,
                      const struct field *field, struct str text, void *member)
{
    switch (field->type) {
    case FIELD_TEXT:
        return store_text(errors, place, field, text, member);
    case FIELD_UUID:
        return uuid_parse(text, member) || FAULT(errors, place, "must be a UUID");
    case FIELD_TIME:
        return timestamp_parse(text, member) ||
               FAULT(errors, place,
                     "must be a date such as 2025-01-15 or a time such as 2025-01-15T10:00:00Z");
    case FIELD_MONTH:
        return month_parse(text, &((struct month *)member)->number) ||
               FAULT(errors, place, "must be a month such as 2025-01");
    case FIELD_ENUM:
        *(unsigned *)member = words_value(field->words, text);
        return *(unsigned *)member != 0 || fault_words(errors, place, field->words);
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
    return FAULT(errors, place, "must not be text");
}

bool field_fault_number(struct field_errors *errors, const struct place *place,
                        const struct field *field)
{
    const char *kind = field->type == FIELD_INT ? "a whole number" : "a number";
    double least = field->least, most = field->most;

    if (field->flags & FIELD_CAPPED)
        most = HUGE_VAL;
    if ((least >= 0 && least <= 0 && most >= 0 && most <= 0) || (isinf(least) && isinf(most)))
        return FAULT(errors, place, "must be %s", kind);
    if (isinf(most))
        return FAULT(errors, place, "must be %s of at least %.15g", kind, least);
    if (isinf(least))
        return FAULT(errors, place, "must be %s of at most %.15g", kind, most);
    return FAULT(errors, place, "must be %s from %.15g to %.15g", kind, least, most);
}

static bool in_range(const struct field *field, double number)
{
    bool unlimited = field->least >= 0 && field->least <= 0 && field->most >= 0 && field->most <= 0;

    return unlimited || (number >= field->least && number <= field->most);
}

bool field_store_int(struct field_errors *errors, const struct place *place,
                     const struct field *field, int64_t number, int64_t *member)
{
    /* The least int64_t means absent here, so nobody may send it. */
    if (number == INT_NONE || !in_range(field, (double)number))
        return field_fault_number(errors, place, field);
    *member = number;
    return true;
}

bool field_store_double(struct field_errors *errors, const struct place *place,
                        const struct field *field, double number, double *member)
{
    if (!isfinite(number) || !in_range(field, number))
        return field_fault_number(errors, place, field);
    *member = number;
    return true;
}

static bool store_word(struct field_errors *errors, const struct place *place,
                       const struct words *words, struct str text, struct str *item)
{
    unsigned value = words_value(words, text);

    if (value == 0)
        return fault_words(errors, place, words);
    *item = words_text(words, value);
    return true;
}

bool field_store_item(struct field_errors *errors, const struct place *place,
                      const struct field *field, struct str text, struct str *item)
{
    double most = field->item_most > 0 ? field->item_most : ITEM_MOST;

    if (field->words != NULL)
        return store_word(errors, place, field->words, text, item);
    if (!check_characters(errors, place, text))
        return false;
    text = clean(errors->arena, field, most, text);
    if (!check_length(errors, place, text, 1, most) || !check_form(errors, place, field, text))
        return false;
    if ((field->flags & FIELD_SHOWN) != 0 && !text_is_visible(text))
        return FAULT(errors, place, "must not be blank");
    *item = text;
    return true;
}

bool field_check_count(struct field_errors *errors, const struct place *place,
                       const struct field *field, size_t count)
{
    double most = field->most > 0 ? field->most : ARRAY_MOST;

    if ((double)count < field->least)
        return FAULT(errors, place, "must have at least %.0f item%s", field->least,
                     plural(field->least));
    if ((double)count > most)
        return FAULT(errors, place, "must have at most %.0f item%s", most, plural(most));
    return true;
}
