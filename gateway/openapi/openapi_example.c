/* Examples: from the field tables, and by type where a table has none. They use the company and the
 * people of the demo tenant. */
#include <math.h>
#include <string.h>

#include "openapi_parts.h"

static const char person_id[] = "zoe.mueller", person_name[] = "Zoë Müller";
static const char a_time[] = "2025-01-15T10:00:00.000Z", later[] = "2025-04-15T10:00:00.000Z",
                  a_month[] = "2025-01", a_day[] = "2025-01-31";

static bool ends_with(const char *text, const char *end)
{
    size_t size = strlen(text), end_size = strlen(end);

    return size >= end_size && strcmp(text + size - end_size, end) == 0;
}

/* The same for the same name everywhere; ids of different things differ. */
static void put_id(struct document *document, const struct model *model, const struct field *field)
{
    const char *name = strcmp(field->name, "id") == 0 ? model->name : field->name;
    size_t size = strlen(name);
    unsigned hash = 5381;

    /* "goalId" and "goalIds" are ids of a "Goal". */
    if (ends_with(name, "Ids"))
        size -= 3;
    else if (ends_with(name, "Id"))
        size -= 2;
    for (size_t i = 0; i < size; i++)
        hash = hash * 33 + (unsigned char)(name[i] | 0x20);
    json_text(document->json,
              arena_printf(document->arena, "0194692f-7f00-7c3a-9b1e-5d2f%08x", hash));
}

static void put_text(struct document *document, const struct field *field, bool nullable)
{
    if (ends_with(field->column, "_id") || ends_with(field->column, "_by"))
        json_text(document->json, str_of(person_id));
    else if (ends_with(field->column, "_name"))
        json_text(document->json, str_of(person_name));
    else if (nullable)
        json_nothing(document->json);
    else
        json_text(document->json, str_of("Fjellrad"));
}

/* Examples leave the times of ending null (completedAt and the like), and start before the due
 * date. */
static void put_time(struct document *document, const struct field *field, bool nullable)
{
    bool due = strncmp(field->column, "due", 3) == 0;

    if (nullable && !due && strncmp(field->column, "start", 5) != 0)
        json_nothing(document->json);
    else
        json_text(document->json, str_of(field->flags & FIELD_DAY ? a_day : due ? later : a_time));
}

static void put_number(struct document *document, const struct field *field)
{
    bool range = !isinf(field->min) && !isinf(field->max) && field->max > field->min;
    double number = range ? floor(field->min + (field->max - field->min) / 2) : 42;

    json_double(document->json, field->max > 1000 ? field->min : number);
}

static void put_array(struct document *document, const struct model *model,
                      const struct field *field, enum use use)
{
    json_array_begin(document->json);
    if (field->type == FIELD_UUIDS)
        put_id(document, model, field);
    else if (field->model)
        openapi_example(document, field->model, use == USE_PATCH ? USE_CREATE : use);
    else if (field->enum_names)
        json_text(document->json, str_of(field->enum_names->texts[1]));
    else if (field->min > 0)
        put_text(document, field, false);
    json_array_end(document->json);
}

static void put_value(struct document *document, const struct model *model,
                      const struct field *field, enum use use)
{
    bool nullable = !(field->flags & (FIELD_REQUIRED | FIELD_KEPT | FIELD_PRESENT));

    switch (field->type) {
    case FIELD_TEXT:
        put_text(document, field, nullable);
        break;
    case FIELD_UUID:
        put_id(document, model, field);
        break;
    case FIELD_INT:
    case FIELD_DOUBLE:
        put_number(document, field);
        break;
    case FIELD_BOOL:
        json_bool(document->json, true);
        break;
    case FIELD_TIME:
        put_time(document, field, nullable);
        break;
    case FIELD_MONTH:
        json_text(document->json, str_of(a_month));
        break;
    case FIELD_ENUM:
        json_text(document->json, str_of(field->enum_names->texts[1]));
        break;
    case FIELD_PACKED:
        if (!field->model) {
            json_nothing(document->json);
            break;
        }
        put_array(document, model, field, use);
        break;
    case FIELD_TEXTS:
    case FIELD_UUIDS:
    case FIELD_LIST:
        put_array(document, model, field, use);
        break;
    case FIELD_OBJECT:
        openapi_example(document, field->model, use);
        break;
    }
}

/* A body shows what must be sent and what the tables think worth showing, not every field. */
bool openapi_example_has(const struct field *field, enum use use)
{
    if (!openapi_shows(field, use))
        return false;
    if (use == USE_ANSWER)
        return !(field->flags & FIELD_NULL_OMITTED) || field->example || field->model;
    return field->example || (use == USE_CREATE && (field->flags & FIELD_REQUIRED));
}

void openapi_example_value(struct document *document, const struct model *model,
                           const struct field *field, enum use use)
{
    if (field->example)
        json_raw(document->json, str_of(field->example));
    else
        put_value(document, model, field, use);
}

void openapi_example_fields(struct document *document, const struct model *model, enum use use)
{
    for (size_t i = 0; i < model->count; i++) {
        const struct field *field = &model->fields[i];
        if (!openapi_example_has(field, use))
            continue;
        json_key(document->json, str_of(field->name));
        openapi_example_value(document, model, field, use);
    }
}

void openapi_example(struct document *document, const struct model *model, enum use use)
{
    json_object_begin(document->json);
    openapi_example_fields(document, model, use);
    json_object_end(document->json);
}
