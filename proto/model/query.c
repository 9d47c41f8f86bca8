/* Query parameters: text, possibly several times, into a struct by its field table. Flags about
 * bodies do not matter here; the rules about single values are in rules.c. */
#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "field.h"

#define FAULT(errors, path, ...) \
    field_errors_add((errors), field_path_text((errors)->arena, (path)), __VA_ARGS__)

enum { NUMBER_TEXT_MAX = 63 };

/* The non-empty parts of a parameter, over its repetitions and, for lists, between commas. */
struct parts {
    const struct value *values;
    struct str rest; /* of the repetition being cut */
    uint32_t next;   /* repetition */
    bool commas;
};

static bool next_part(struct parts *parts, struct str *part)
{
    for (;;) {
        while (parts->rest.size > 0) {
            if (parts->commas) {
                *part = str_cut(&parts->rest, ',');
            } else {
                *part = parts->rest;
                parts->rest = STR_NONE;
            }
            if (part->size > 0)
                return true;
        }
        if (parts->next == parts->values->count)
            return false;
        parts->rest = value_text(&parts->values->items[parts->next++]);
    }
}

static size_t count_parts(struct parts parts)
{
    struct str part;
    size_t count = 0;

    while (next_part(&parts, &part))
        count++;
    return count;
}

static size_t skip_digits(struct str text, size_t at)
{
    while (at < text.size && text.data[at] >= '0' && text.data[at] <= '9')
        at++;
    return at;
}

/* A decimal number as JSON writes it, give or take leading zeros: strtod alone would also take
 * "nan", "0x1p3" and leading spaces. */
static bool parse_double(struct str text, double *number)
{
    char copy[NUMBER_TEXT_MAX + 1];
    size_t at = 0, start;

    if (text.size > NUMBER_TEXT_MAX)
        return false;
    if (at < text.size && text.data[at] == '-')
        at++;
    start = at;
    at = skip_digits(text, at);
    if (at == start)
        return false;
    if (at < text.size && text.data[at] == '.') {
        start = at + 1;
        at = skip_digits(text, start);
        if (at == start)
            return false;
    }
    if (at < text.size && (text.data[at] == 'e' || text.data[at] == 'E')) {
        at++;
        if (at < text.size && (text.data[at] == '-' || text.data[at] == '+'))
            at++;
        start = at;
        at = skip_digits(text, at);
        if (at == start)
            return false;
    }
    if (at != text.size)
        return false;
    memcpy(copy, text.data, text.size);
    copy[text.size] = '\0';
    *number = strtod(copy, NULL);
    return isfinite(*number);
}

/* Numbers beyond int64 count as the largest one: such a page size is too large, not malformed. */
static bool parse_whole(struct str text, int64_t *number)
{
    if (str_to_int64(text, number))
        return true;
    *number = INT64_MAX;
    return text.size > 0 && skip_digits(text, 0) == text.size;
}

static int64_t capped(const struct field *field, int64_t number)
{
    bool above = (field->flags & FIELD_CAPPED) != 0 && (double)number > field->max;

    return above ? (int64_t)field->max : number;
}

static void read_bool(struct field_errors *errors, const struct field_path *path, struct str text,
                      bool *member)
{
    *member = str_equal(text, STR("true"));
    if (!*member && !str_equal(text, STR("false")))
        FAULT(errors, path, "must be true or false");
}

/* A form's "+" is a blank, and people forget to escape it in an offset: no date has a blank. */
static struct str with_plus(struct arena *arena, struct str text)
{
    struct buffer copy = buffer_in(arena, text.size + 1);

    for (size_t i = 0; i < text.size; i++)
        buffer_append(&copy, text.data[i] == ' ' ? "+" : &text.data[i], 1);
    return buffer_str(&copy);
}

static void read_scalar(struct field_errors *errors, const struct field_path *path,
                        const struct field *field, struct str text, void *member)
{
    int64_t whole;
    double number;

    switch (field->type) {
    case FIELD_INT:
        if (parse_whole(text, &whole))
            field_store_int(errors, path, field, capped(field, whole), member);
        else
            field_fault_number(errors, path, field);
        break;
    case FIELD_DOUBLE:
        if (parse_double(text, &number))
            field_store_double(errors, path, field, number, member);
        else
            field_fault_number(errors, path, field);
        break;
    case FIELD_BOOL:
        read_bool(errors, path, text, member);
        break;
    case FIELD_UUID:
        if ((field->flags & FIELD_STRICT_ID) != 0)
            field_store_text(errors, path, field, text, member);
        else if (!uuid_parse(text, member))
            *(struct uuid *)member = uuid_v7(); /* nobody has it: the filter matches nothing */
        break;
    case FIELD_TIME:
        field_store_text(errors, path, field, with_plus(errors->arena, text), member);
        break;
    case FIELD_TEXT:
    case FIELD_MONTH:
    case FIELD_ENUM:
        field_store_text(errors, path, field, text, member);
        break;
    case FIELD_TEXTS:
    case FIELD_UUIDS:
    case FIELD_PACKED:
    case FIELD_LIST:
    case FIELD_OBJECT:
        assert(!"a query field of a type that one text cannot say");
    }
}

static void read_single(struct field_errors *errors, const struct field_path *path,
                        const struct field *field, struct parts parts, void *member)
{
    struct str text, again;

    next_part(&parts, &text);
    while (next_part(&parts, &again)) {
        if (!str_equal(text, again)) {
            FAULT(errors, path, "must be given only once");
            return;
        }
    }
    read_scalar(errors, path, field, text, member);
}

static void read_texts(struct field_errors *errors, const struct field_path *path,
                       const struct field *field, struct parts parts, struct texts *member)
{
    struct str part;

    member->items = arena_array(errors->arena, count_parts(parts), sizeof *member->items);
    member->count = 0;
    while (next_part(&parts, &part)) {
        if (!field_store_item(errors, path, field, part, &member->items[member->count]))
            return;
        member->count++;
    }
}

static void read_uuids(struct field_errors *errors, const struct field_path *path,
                       const struct field *field, struct parts parts, struct uuids *member)
{
    struct str part;

    member->items = arena_array(errors->arena, count_parts(parts), sizeof *member->items);
    member->count = 0;
    while (next_part(&parts, &part)) {
        struct uuid *id = &member->items[member->count++];

        if (uuid_parse(part, id))
            continue;
        if ((field->flags & FIELD_STRICT_ID) != 0) {
            FAULT(errors, path, "must be UUIDs separated by commas");
            return;
        }
        *id = uuid_v7();
    }
}

static bool is_several(const struct field *field)
{
    return field->type == FIELD_TEXTS || field->type == FIELD_UUIDS;
}

/* Answers false when nothing but empty text was given, which counts as absent. */
static bool read_parameter(struct field_errors *errors, const struct field_path *path,
                           const struct field *field, const struct value *values, void *target)
{
    bool several = is_several(field);
    struct parts parts = {values, STR_NONE, 0, several};
    void *member = field_member(field, target);
    size_t count = count_parts(parts);

    if (count == 0)
        return false;
    if (!several)
        read_single(errors, path, field, parts, member);
    else if (!field_check_count(errors, path, field, count))
        return true;
    else if (field->type == FIELD_TEXTS)
        read_texts(errors, path, field, parts, member);
    else
        read_uuids(errors, path, field, parts, member);
    return true;
}

static void fault_unknown(struct field_errors *errors, const struct model *model, struct str name)
{
    struct buffer list = buffer_in(errors->arena, 256);

    for (size_t i = 0; model != NULL && i < model->count; i++) {
        const struct field *field = &model->fields[i];

        if ((field->flags & FIELD_INTERNAL) != 0)
            continue;
        if (list.size > 0)
            buffer_append(&list, ", ", 2);
        buffer_append(&list, field->name, strlen(field->name));
    }
    if (list.size == 0)
        field_errors_add(errors, name, "is not a known parameter; none is allowed here");
    else
        field_errors_add(errors, name, "is not a known parameter; allowed are " STR_FMT,
                         STR_ARG(buffer_str(&list)));
}

static bool is_texts(const struct value *values)
{
    if (values->type != VALUE_ARRAY)
        return false;
    for (uint32_t i = 0; i < values->count; i++)
        if (values->items[i].type != VALUE_TEXT)
            return false;
    return true;
}

/* Lists are also found as "goalIds[]", which is how axios and others write an array by default. */
static int find_parameter(const struct model *model, struct str name)
{
    if (!model)
        return -1;
    if (name.size < 2 || memcmp(name.data + name.size - 2, "[]", 2) != 0)
        return field_find(model, name, FIELD_INTERNAL, 0);
    int found = field_find(model, (struct str){name.data, name.size - 2}, FIELD_INTERNAL, 0);
    return found >= 0 && is_several(&model->fields[found]) ? found : -1;
}

/* Whether `values` says what the target has already, in whatever spelling, or nothing. */
static bool says_same(const struct field_errors *errors, struct bound target,
                      const struct field *field, const struct value *values)
{
    const struct field_path path = {NULL, STR_NONE, NO_INDEX};
    struct buffer a = buffer_in(errors->arena, 64), b = buffer_in(errors->arena, 64);
    void *other = arena_array(errors->arena, 1, target.model->size);
    struct field_errors unheard;

    field_errors_init(&unheard, errors->arena);
    model_clear((struct bound){target.model, other});
    if (!read_parameter(&unheard, &path, field, values, other))
        return true;
    if (errors->count > 0 || unheard.count > 0)
        return false;
    field_pack(&a, field, field_member(field, target.data));
    field_pack(&b, field, field_member(field, other));
    return str_equal(buffer_str(&a), buffer_str(&b));
}

static void read_pair(struct field_errors *errors, struct bound target, const struct pair *pair,
                      const struct pair **given, uint64_t *present)
{
    const struct model *model = target.model;
    struct field_path path = {NULL, pair->key, NO_INDEX};
    int found = find_parameter(model, pair->key);

    if (found < 0) {
        if (pair->key.size == 0 || pair->key.data[0] != '_')
            fault_unknown(errors, model, pair->key);
    } else if (!is_texts(&pair->value)) {
        FAULT(errors, &path, "must be text");
    } else if (given[found] == NULL || (*present >> found & 1) == 0) {
        given[found] = pair;
        if (read_parameter(errors, &path, &model->fields[found], &pair->value, target.data))
            *present |= UINT64_C(1) << found;
    } else if (!str_equal(given[found]->value.raw, pair->value.raw) &&
               !says_same(errors, target, &model->fields[found], &pair->value)) {
        FAULT(errors, &path, "differs from " STR_FMT ", which means the same",
              STR_ARG(given[found]->key));
    }
}

bool model_decode_query(struct bound target, const struct value *query, struct field_errors *errors)
{
    const struct pair *given[FIELDS_MAX] = {NULL};
    uint64_t present = 0;

    assert(target.model == NULL || target.model->count <= FIELDS_MAX);
    for (uint32_t i = 0; query->type == VALUE_MAP && i < query->count; i++)
        read_pair(errors, target, &query->pairs[i], given, &present);
    for (size_t i = 0; target.model != NULL && i < target.model->count; i++) {
        const struct field *field = &target.model->fields[i];
        struct str name = given[i] ? given[i]->key : field_request_name(field);

        if ((present >> i & 1) != 0)
            continue;
        if ((field->flags & FIELD_REQUIRED) != 0)
            field_errors_add(errors, name, "is required");
        if (field->default_value > 0)
            *(int64_t *)field_member(field, target.data) = (int64_t)field->default_value;
    }
    return errors->count == 0;
}
