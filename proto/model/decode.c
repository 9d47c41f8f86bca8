/* Bodies: a decoded msgpack map into a struct, by its field table. Adds errors and never coerces.
 * Queries are in query.c; the rules about single values are in rules.c. */
#include <assert.h>
#include <math.h>
#include <string.h>

#include "field.h"

#define FAULT(d, path, ...) \
    field_errors_add((d)->errors, field_path_text((d)->errors->arena, (path)), __VA_ARGS__)

struct decoding {
    struct field_errors *errors;
    enum decode_mode mode;
};

static uint64_t decode_map(struct decoding *d, struct bound target, const struct value *map,
                           const struct field_path *above);

/* Whole numbers may come as doubles, because JSON has one kind of number: 5.0 is 5. */
static bool whole_number(const struct value *value, int64_t *number)
{
    if (value->type == VALUE_INT) {
        *number = value->integer;
        return true;
    }
    if (value->type != VALUE_DOUBLE || fabs(value->real) > 9e18)
        return false;
    *number = (int64_t)value->real;
    return !((double)*number < value->real || (double)*number > value->real);
}

static void decode_int(struct decoding *d, const struct field_path *path, const struct field *field,
                       const struct value *value, int64_t *member)
{
    int64_t number;

    if (!whole_number(value, &number))
        field_fault_number(d->errors, path, field);
    else
        field_store_int(d->errors, path, field, number, member);
}

static void decode_double(struct decoding *d, const struct field_path *path,
                          const struct field *field, const struct value *value, double *member)
{
    if (value->type == VALUE_INT)
        field_store_double(d->errors, path, field, (double)value->integer, member);
    else if (value->type == VALUE_DOUBLE)
        field_store_double(d->errors, path, field, value->real, member);
    else
        field_fault_number(d->errors, path, field);
}

static void decode_enum(struct decoding *d, const struct field_path *path,
                        const struct field *field, const struct value *value, unsigned *member)
{
    int64_t number;
    struct str text = value_text(value);

    if ((field->flags & FIELD_NUMBERED) != 0 && whole_number(value, &number) && number >= 1 &&
        (uint64_t)number < field->enum_names->count)
        *member = (unsigned)number;
    else /* what is no text is no word either: the error lists the words */
        field_store_text(d->errors, path, field, text, member);
}

static void decode_packed(struct decoding *d, const struct field_path *path,
                          const struct field *field, const struct value *value,
                          struct packed *member)
{
    if ((field->flags & FIELD_OBJECT_ONLY) != 0 && value->type != VALUE_MAP)
        FAULT(d, path, "must be an object");
    else if (field->max > 0 && (double)field_json_size(value) > field->max)
        FAULT(d, path, "is too large: at most %.0f bytes of JSON are kept", field->max);
    else
        member->bytes = value->raw;
}

static bool open_array(struct decoding *d, const struct field_path *path, const struct field *field,
                       const struct value *value)
{
    if (value->type != VALUE_ARRAY) {
        FAULT(d, path, "must be an array");
        return false;
    }
    return field_check_count(d->errors, path, field, value->count);
}

static void decode_texts(struct decoding *d, const struct field_path *path,
                         const struct field *field, const struct value *value, struct texts *member)
{
    struct field_path item = *path;

    if (!open_array(d, path, field, value))
        return;
    member->count = value->count;
    member->items = arena_array(d->errors->arena, value->count, sizeof *member->items);
    for (uint32_t i = 0; i < value->count; i++) {
        item.index = i;
        member->items[i] = value_text(&value->items[i]);
        if (value->items[i].type != VALUE_TEXT)
            FAULT(d, &item, "must be text");
        else
            field_store_item(d->errors, &item, field, member->items[i], &member->items[i]);
    }
}

static void decode_uuids(struct decoding *d, const struct field_path *path,
                         const struct field *field, const struct value *value, struct uuids *member)
{
    struct field_path item = *path;

    if (!open_array(d, path, field, value))
        return;
    member->count = value->count;
    member->items = arena_array(d->errors->arena, value->count, sizeof *member->items);
    for (uint32_t i = 0; i < value->count; i++) {
        item.index = i;
        member->items[i] = (struct uuid){{0}};
        if (value->items[i].type != VALUE_TEXT ||
            !uuid_parse(value->items[i].text, &member->items[i]))
            FAULT(d, &item, "must be a UUID");
    }
}

/* Items are whole each time: a patch replaces the list. */
static void decode_list(struct decoding *d, const struct field_path *path,
                        const struct field *field, const struct value *value, struct list *member)
{
    struct decoding whole = {d->errors, DECODE_CREATE};
    const struct model *model = field->model;
    struct field_path item = *path;
    char *items;

    if (!open_array(d, path, field, value))
        return;
    items = arena_array(d->errors->arena, value->count, model->size);
    for (uint32_t i = 0; i < value->count; i++) {
        struct bound target = {model, items + i * model->size};

        item.index = i;
        model_clear(target);
        if (value->items[i].type != VALUE_MAP)
            FAULT(d, &item, "must be an object");
        else
            decode_map(&whole, target, &value->items[i], &item);
    }
    *member = (struct list){items, value->count};
}

/* Fields that are written as text; enums may be numbers too and have decode_enum. */
static void decode_text(struct decoding *d, const struct field_path *path,
                        const struct field *field, const struct value *value, void *member)
{
    if (value->type != VALUE_TEXT)
        FAULT(d, path, "must be text");
    else
        field_store_text(d->errors, path, field, value->text, member);
}

static void decode_present(struct decoding *d, const struct field_path *path,
                           const struct field *field, const struct value *value, void *member)
{
    switch (field->type) {
    case FIELD_TEXT:
    case FIELD_UUID:
    case FIELD_TIME:
    case FIELD_MONTH:
        decode_text(d, path, field, value, member);
        break;
    case FIELD_INT:
        decode_int(d, path, field, value, member);
        break;
    case FIELD_DOUBLE:
        decode_double(d, path, field, value, member);
        break;
    case FIELD_BOOL:
        if (value->type != VALUE_BOOL)
            FAULT(d, path, "must be true or false");
        *(bool *)member = value_bool(value);
        break;
    case FIELD_ENUM:
        decode_enum(d, path, field, value, member);
        break;
    case FIELD_TEXTS:
        decode_texts(d, path, field, value, member);
        break;
    case FIELD_UUIDS:
        decode_uuids(d, path, field, value, member);
        break;
    case FIELD_PACKED:
        decode_packed(d, path, field, value, member);
        break;
    case FIELD_LIST:
        decode_list(d, path, field, value, member);
        break;
    case FIELD_OBJECT:
        if (value->type != VALUE_MAP)
            FAULT(d, path, "must be an object");
        else
            decode_map(d, (struct bound){field->model, member}, value, path);
        break;
    }
}

static bool is_number(const struct value *value)
{
    return value->type == VALUE_INT || value->type == VALUE_DOUBLE;
}

/* Forms send empty text for an id or a date that nobody chose. */
static bool says_none(const struct field *field, const struct value *value)
{
    bool choice = field->type == FIELD_UUID || field->type == FIELD_TIME ||
                  field->type == FIELD_MONTH || (field->flags & FIELD_OPAQUE) != 0;

    return value->type == VALUE_NULL || (choice && (field->flags & FIELD_REQUIRED) == 0 &&
                                         value->type == VALUE_TEXT && value->text.size == 0);
}

/* The same value said twice is harmless, so two spellings may agree. */
static bool same_value(struct decoding *d, const struct field *field, const struct value *a,
                       const struct value *b)
{
    if (is_number(a) && is_number(b) && a->type != b->type) {
        double x = a->type == VALUE_INT ? (double)a->integer : a->real;
        double y = b->type == VALUE_INT ? (double)b->integer : b->real;

        return !(x < y || x > y);
    }
    if (a->type == VALUE_TEXT && b->type == VALUE_TEXT && a->text.size > 0 && b->text.size > 0)
        return field_same_text(d->errors->arena, field, a->text, b->text);
    return str_equal(a->raw, b->raw) || (says_none(field, a) && says_none(field, b));
}

/* Whether a patch sets the field to the value that it has already. */
static bool changes_nothing(struct decoding *d, const struct field *field, struct bound target,
                            const struct value *value)
{
    struct buffer packed = buffer_in(d->errors->arena, 64);
    struct value now;

    if (d->mode != DECODE_PATCH)
        return false;
    field_pack(&packed, field, field_member(field, target.data));
    return unpack(d->errors->arena, buffer_str(&packed), &now) && same_value(d, field, &now, value);
}

/* Whether the pair, which names the field by another name, is what answers show under that name: a
 * whole object came back. */
static bool is_as_answered(struct decoding *d, struct bound target, size_t field,
                           const struct pair *pair)
{
    const struct field *fields = target.model->fields;
    int shown;

    if (d->mode != DECODE_PATCH || field_name_matches(pair->key, fields[field].name))
        return false;
    shown = field_find(target.model, pair->key, FIELD_INTERNAL, 0);
    return shown >= 0 && (fields[shown].flags & FIELD_READ_ONLY) != 0 &&
           changes_nothing(d, &fields[shown], target, &pair->value);
}

/* Finds the pair of the map that names each field, NULL when two contradict each other; returns a
 * bit per field that is named. Of two spellings with different values the one counts that changes
 * something: clients edit one of them in an answer and send the whole object back. */
static uint64_t match_pairs(struct decoding *d, struct bound target, const struct value *map,
                            const struct field_path *above, const struct pair **given)
{
    const struct model *model = target.model;
    uint64_t seen = 0, contradicted = 0;
    size_t hint = 0;

    for (uint32_t i = 0; i < map->count; i++) {
        const struct pair *pair = &map->pairs[i];
        int found = field_find(model, pair->key, FIELD_READ_ONLY | FIELD_INTERNAL, hint);
        size_t index = (size_t)found;

        if (found < 0)
            continue;
        hint = index + 1;
        if (is_as_answered(d, target, index, pair))
            continue;
        if ((seen >> index & 1) == 0) {
            seen |= UINT64_C(1) << index;
            given[index] = pair;
        } else if (same_value(d, &model->fields[index], &given[index]->value, &pair->value) ||
                   changes_nothing(d, &model->fields[index], target, &pair->value)) {
            continue;
        } else if (changes_nothing(d, &model->fields[index], target, &given[index]->value)) {
            given[index] = pair;
        } else {
            FAULT(d, (&(struct field_path){above, pair->key, NO_INDEX}),
                  "differs from " STR_FMT ", which means the same", STR_ARG(given[index]->key));
            contradicted |= UINT64_C(1) << index;
        }
    }
    for (size_t i = 0; i < model->count; i++)
        if ((contradicted >> i & 1) != 0)
            given[i] = NULL;
    return seen;
}

static uint64_t decode_map(struct decoding *d, struct bound target, const struct value *map,
                           const struct field_path *above)
{
    const struct model *model = target.model;
    const struct pair *given[FIELDS_MAX];
    uint64_t seen;

    assert(model->count <= FIELDS_MAX);
    seen = match_pairs(d, target, map, above, given);
    for (size_t i = 0; i < model->count; i++) {
        const struct field *field = &model->fields[i];
        bool required = (field->flags & FIELD_REQUIRED) != 0;
        bool kept = required || ((field->flags & FIELD_KEPT) != 0 && d->mode == DECODE_PATCH);
        struct field_path path = {above, STR_NONE, NO_INDEX};

        if ((seen >> i & 1) == 0) {
            path.name = field_request_name(field);
            if (required && d->mode == DECODE_CREATE &&
                (field->flags & (FIELD_READ_ONLY | FIELD_INTERNAL)) == 0)
                FAULT(d, &path, "is required");
            continue;
        }
        if (!given[i])
            continue; /* has its fault already, and there is no telling what was meant */
        path.name = given[i]->key;
        if (!says_none(field, &given[i]->value))
            decode_present(d, &path, field, &given[i]->value, field_member(field, target.data));
        else if (kept)
            FAULT(d, &path, "must not be null");
        else
            field_clear(field, target.data);
    }
    return seen;
}

bool model_decode(struct bound target, const struct value *body, enum decode_mode mode,
                  struct field_errors *errors, uint64_t *seen)
{
    struct decoding d = {errors, mode};
    uint64_t named = 0;

    if (body->type == VALUE_MAP || body->type == VALUE_ABSENT)
        named = decode_map(&d, target, body, NULL);
    else
        field_errors_add(errors, STR("body"), "must be an object");
    if (seen != NULL)
        *seen = named;
    return errors->count == 0;
}
