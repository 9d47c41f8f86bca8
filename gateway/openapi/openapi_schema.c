/* JSON Schemas (2020-12) of field tables. No schema forbids additional properties, because later
 * versions may answer more. */
#include <assert.h>
#include <math.h>
#include <string.h>

#include "openapi_parts.h"

bool openapi_has(const struct operation *operation)
{
    return !(operation->flags & OPERATION_INTERNAL);
}

bool openapi_shows(const struct field *field, enum use use)
{
    if (field->flags & FIELD_INTERNAL)
        return false;
    if (use == USE_ANSWER)
        return !(field->flags & FIELD_WRITE_ONLY);
    return use == USE_QUERY || !(field->flags & FIELD_READ_ONLY);
}

/* --- Which schemas there are --- */

static struct schema *find_schema(struct document *document, const struct model *model,
                                  enum use use)
{
    for (struct schema *schema = document->schemas; schema; schema = schema->next)
        if (schema->model == model && schema->use == use)
            return schema;
    return NULL;
}

/* "Goal" is what is answered. What is sent has a name of its own only when it differs. */
static const char *name_schema(struct document *document, const struct model *model, enum use use)
{
    if (use == USE_PATCH)
        return arena_printf(document->arena, "%sPatch", model->name).data;
    if (use == USE_CREATE && find_schema(document, model, USE_ANSWER))
        return arena_printf(document->arena, "%sInput", model->name).data;
    return model->name;
}

static const struct schema *need_schema(struct document *document, const struct model *model,
                                        enum use use)
{
    struct schema *known = find_schema(document, model, use);
    struct schema **last = &document->schemas;

    if (known)
        return known;
    struct schema *added = arena_alloc(document->arena, sizeof *added);
    *added = (struct schema){model, use, name_schema(document, model, use), NULL};
    for (; *last; last = &(*last)->next)
        assert(strcmp((*last)->name, added->name) != 0); /* two tables of one name */
    *last = added;
    return added;
}

void openapi_collect_model(struct document *document, const struct model *model)
{
    if (find_schema(document, model, USE_ANSWER))
        return;
    need_schema(document, model, USE_ANSWER);
    for (size_t i = 0; i < model->count; i++)
        if (model->fields[i].model && openapi_shows(&model->fields[i], USE_ANSWER))
            openapi_collect_model(document, model->fields[i].model);
}

void openapi_collect(struct document *document)
{
    for (size_t i = 0; i < operation_count; i++)
        if (openapi_has(&operations[i]) && operations[i].reply &&
            operations[i].shape != REPLY_FLAT) /* which has no schema of its own */
            openapi_collect_model(document, operations[i].reply);
}

void openapi_schema_ref(struct document *document, const struct model *model, enum use use)
{
    openapi_ref(document, "schemas", need_schema(document, model, use)->name);
}

/* --- One field --- */

static bool is_array(const struct field *field)
{
    return field->type == FIELD_TEXTS || field->type == FIELD_UUIDS || field->type == FIELD_LIST ||
           (field->type == FIELD_PACKED && field->model);
}

static bool is_nullable(const struct field *field, enum use use)
{
    if (use == USE_QUERY || is_array(field) || field->type == FIELD_BOOL ||
        field->type == FIELD_OBJECT)
        return false;
    bool is_id = strcmp(field->column, "id") == 0; /* what has one, has one */
    if (use == USE_ANSWER && (is_id || (field->flags & (FIELD_PRESENT | FIELD_NULL_OMITTED))))
        return false;
    unsigned kept = FIELD_REQUIRED | FIELD_KEPT | (use == USE_ANSWER ? 0 : FIELD_PRESENT);
    return !(field->flags & kept);
}

static void put_type(struct document *document, const char *type, bool nullable)
{
    if (!nullable) {
        openapi_put(document, "type", type);
        return;
    }
    json_key(document->json, STR("type"));
    json_array_begin(document->json);
    json_text(document->json, str_of(type));
    json_text(document->json, STR("null"));
    json_array_end(document->json);
}

static void put_enum_names(struct document *document, const struct enum_names *names, bool nullable)
{
    json_key(document->json, STR("enum"));
    json_array_begin(document->json);
    for (size_t i = 1; i < names->count; i++)
        json_text(document->json, str_of(names->texts[i]));
    if (nullable)
        json_nothing(document->json);
    json_array_end(document->json);
}

static void put_number(struct document *document, const char *key, double number)
{
    json_key(document->json, str_of(key));
    json_double(document->json, number);
}

static bool is_limited(const struct field *field)
{
    return field->min < 0 || field->min > 0 || field->max < 0 || field->max > 0;
}

/* An instant; in requests a bare date does, too. Clients are made from the alternatives, so each
 * says its type. */
static void put_time(struct document *document, const struct field *field, bool nullable,
                     enum use use)
{
    if (use == USE_ANSWER) {
        put_type(document, "string", nullable);
        openapi_put(document, "format", field->flags & FIELD_DAY ? "date" : "date-time");
        return;
    }
    openapi_put_raw(document, "anyOf",
                    nullable ? "[{\"type\": \"string\", \"format\": \"date-time\"},"
                               " {\"type\": \"string\", \"format\": \"date\"},"
                               " {\"type\": \"null\"}]"
                             : "[{\"type\": \"string\", \"format\": \"date-time\"},"
                               " {\"type\": \"string\", \"format\": \"date\"}]");
}

/* A range of numbers, or of how many characters or items there are. */
static void put_range(struct document *document, const struct field *field, const char *min,
                      const char *max, bool is_count)
{
    if (!is_limited(field))
        return;
    if (!isinf(field->min) && (!is_count || field->min > 0))
        put_number(document, min, field->min);
    if (!isinf(field->max) && (!is_count || field->max > 0))
        put_number(document, max, field->max);
}

static void add_sorts(struct buffer *names, const char *const *sorts, size_t step)
{
    for (; sorts && *sorts; sorts += step) {
        buffer_append(names, "|", names->size > 0);
        buffer_append(names, *sorts, strlen(*sorts));
    }
}

/* "^-?(title|status)(:(asc|desc))?$" would allow "-title:asc", so both forms are spelled out. */
static void put_sorts(struct document *document, const struct field *field)
{
    struct buffer names = buffer_in(document->arena, 128);

    add_sorts(&names, field->sorts, 1);
    add_sorts(&names, field->sort_aliases, 2);
    buffer_append(&names, "", 1);
    openapi_put(
        document, "pattern",
        arena_printf(document->arena, "^(-?(%s)|(%s):(asc|desc))$", names.data, names.data).data);
}

static void put_text(struct document *document, const struct field *field, bool nullable)
{
    put_type(document, "string", nullable);
    put_range(document, field, "minLength", "maxLength", true);
    if (field->sorts)
        put_sorts(document, field);
}

/* Words, or what says the same by its number. */
static void put_enum(struct document *document, const struct field *field, enum use use)
{
    bool nullable = is_nullable(field, use);
    bool numbered = (field->flags & FIELD_NUMBERED) && (use == USE_CREATE || use == USE_PATCH);

    if (!numbered) {
        put_type(document, "string", nullable);
        put_enum_names(document, field->enum_names, nullable);
        return;
    }
    json_key(document->json, STR("oneOf"));
    json_array_begin(document->json);
    json_object_begin(document->json);
    put_type(document, "string", nullable);
    put_enum_names(document, field->enum_names, nullable);
    json_object_end(document->json);
    json_object_begin(document->json);
    openapi_put(document, "type", "integer");
    openapi_put_int(document, "minimum", 1);
    openapi_put_int(document, "maximum", (int64_t)field->enum_names->count - 1);
    json_object_end(document->json);
    json_array_end(document->json);
}

static void put_array(struct document *document, const struct field *field, enum use use)
{
    openapi_put(document, "type", "array");
    if (use != USE_ANSWER)
        put_range(document, field, "minItems", "maxItems", true);
    json_key(document->json, STR("items"));
    if (field->model) {
        /* A list is replaced as a whole, so its items are whole in a patch, too. */
        openapi_schema_ref(document, field->model, use == USE_PATCH ? USE_CREATE : use);
        return;
    }
    json_object_begin(document->json);
    openapi_put(document, "type", "string");
    if (field->type == FIELD_UUIDS)
        openapi_put(document, "format", "uuid");
    else if (field->enum_names)
        put_enum_names(document, field->enum_names, false);
    else if (use != USE_ANSWER && field->item_max > 0)
        put_number(document, "maxLength", field->item_max);
    json_object_end(document->json);
}

/* "additionalProperties" is said although it is the default: without it, clients are made that take
 * the object for an empty one. */
static void put_packed(struct document *document, const struct field *field, bool nullable)
{
    if (field->schemas) {
        openapi_put_raw(document, "anyOf", field->schemas);
    } else if (field->enum_names) {
        put_type(document, "string", nullable);
        put_enum_names(document, field->enum_names, nullable);
    } else if (field->flags & FIELD_OBJECT_ONLY) {
        put_type(document, "object", nullable);
        openapi_put_bool(document, "additionalProperties", true);
    }
}

const char *openapi_doc(struct document *document, const struct field *field, enum use use)
{
    const char *doc = field->doc ? field->doc : field->name;
    const struct enum_names *names = field->enum_names;
    struct str rest = str_of(field->aliases);

    if (use == USE_ANSWER)
        return doc;
    for (const struct enum_alias *alias = names ? names->aliases : NULL;
         alias && alias->text && alias->value < names->count; alias++)
        doc = arena_printf(document->arena, "%s%s%s for %s", doc,
                           alias == names->aliases ? "; read as well: " : ", ", alias->text,
                           names->texts[alias->value])
                  .data;
    for (const char *const *at = field->sort_aliases; at && *at; at += 2)
        doc = arena_printf(document->arena, "%s; %s is %s", doc, at[0], at[1]).data;
    for (const char *before = "; also accepted as "; rest.data; before = ", ") {
        struct str alias = str_cut(&rest, ' ');
        doc = arena_printf(document->arena, "%s%s" STR_FMT, doc, before, STR_ARG(alias)).data;
    }
    return doc;
}

void openapi_field_form(struct document *document, const struct field *field, enum use use)
{
    bool nullable = is_nullable(field, use);

    switch (field->type) {
    case FIELD_TEXT:
        put_text(document, field, nullable);
        break;
    case FIELD_UUID:
        put_type(document, "string", nullable);
        openapi_put(document, "format", "uuid");
        break;
    case FIELD_INT:
    case FIELD_DOUBLE:
        put_type(document, field->type == FIELD_INT ? "integer" : "number", nullable);
        put_range(document, field, "minimum", "maximum", false);
        if (field->default_value > 0)
            put_number(document, "default", field->default_value);
        break;
    case FIELD_BOOL:
        openapi_put(document, "type", "boolean");
        break;
    case FIELD_TIME:
        put_time(document, field, nullable, use);
        break;
    case FIELD_MONTH:
        put_type(document, "string", nullable);
        openapi_put(document, "pattern", "^[0-9]{4}-(0[1-9]|1[0-2])$");
        break;
    case FIELD_ENUM:
        put_enum(document, field, use);
        break;
    case FIELD_PACKED:
        if (field->model)
            put_array(document, field, use);
        else
            put_packed(document, field, nullable);
        break;
    case FIELD_TEXTS:
    case FIELD_UUIDS:
    case FIELD_LIST:
        put_array(document, field, use);
        break;
    case FIELD_OBJECT:
        break; /* a reference: openapi_field_schema */
    }
}

void openapi_field_schema(struct document *document, const struct field *field, enum use use)
{
    json_object_begin(document->json);
    if (field->type == FIELD_OBJECT)
        openapi_put(document, "$ref",
                    arena_printf(document->arena, "#/components/schemas/%s",
                                 need_schema(document, field->model, use)->name)
                        .data);
    openapi_field_form(document, field, use);
    /* A parameter says these beside its schema. */
    if (use != USE_QUERY && field->doc) {
        const char *doc = openapi_doc(document, field, use);
        if (field->pattern)
            doc = arena_printf(document->arena, "%s (%s)", doc, field->pattern).data;
        openapi_put(document, "description", doc);
    }
    if (use != USE_QUERY && field->example) {
        json_key(document->json, STR("examples"));
        json_array_begin(document->json);
        json_raw(document->json, str_of(field->example));
        json_array_end(document->json);
    }
    json_object_end(document->json);
}

/* --- One table --- */

static bool is_required(const struct field *field, enum use use)
{
    if (!openapi_shows(field, use) || use == USE_PATCH)
        return false;
    return use == USE_ANSWER ? !(field->flags & FIELD_NULL_OMITTED)
                             : (field->flags & (FIELD_REQUIRED | FIELD_PRESENT)) != 0;
}

bool openapi_requires(const struct model *model, enum use use)
{
    for (size_t i = 0; i < model->count; i++)
        if (is_required(&model->fields[i], use))
            return true;
    return false;
}

void openapi_required(struct document *document, const struct model *model, enum use use,
                      bool with_success)
{
    if (!with_success && !openapi_requires(model, use))
        return;
    json_key(document->json, STR("required"));
    json_array_begin(document->json);
    if (with_success)
        json_text(document->json, STR("success"));
    for (size_t i = 0; i < model->count; i++)
        if (is_required(&model->fields[i], use))
            json_text(document->json, str_of(model->fields[i].name));
    json_array_end(document->json);
}

void openapi_object(struct document *document, const struct model *model, enum use use,
                    bool with_success)
{
    openapi_put(document, "type", "object");
    openapi_required(document, model, use, with_success);
    openapi_open(document, "properties");
    if (with_success)
        openapi_put_raw(document, "success", "{\"type\": \"boolean\", \"const\": true}");
    for (size_t i = 0; i < model->count; i++) {
        if (!openapi_shows(&model->fields[i], use))
            continue;
        json_key(document->json, str_of(model->fields[i].name));
        openapi_field_schema(document, &model->fields[i], use);
    }
    openapi_close(document);
}

void openapi_schemas(struct document *document)
{
    /* The list grows at its end while this goes along it. */
    for (const struct schema *schema = document->schemas; schema; schema = schema->next) {
        openapi_open(document, schema->name);
        openapi_object(document, schema->model, schema->use, false);
        openapi_close(document);
    }
}
