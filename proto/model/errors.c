/* The errors of one validation and how their fields are spelled. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "field.h"

void field_errors_init(struct field_errors *errors, struct arena *arena)
{
    *errors = (struct field_errors){.arena = arena};
    errors->last = &errors->first;
}

static bool has_field(const struct field_errors *errors, struct str field)
{
    for (const struct field_error *error = errors->first; error; error = error->next)
        if (str_equal(error->field, field))
            return true;
    return false;
}

/* Beyond the limit errors are only counted: a hostile body may hold as many bad items as bytes. */
void field_errors_add(struct field_errors *errors, struct str field, const char *format, ...)
{
    struct field_error *error;
    va_list arguments;

    if (errors->count >= FIELD_ERRORS_MAX) {
        errors->count++;
        return;
    }
    if (has_field(errors, field))
        return;
    error = arena_alloc(errors->arena, sizeof *error);
    error->field = arena_copy(errors->arena, field);
    va_start(arguments, format);
    error->message = arena_vprintf(errors->arena, format, arguments);
    va_end(arguments);
    *errors->last = error;
    errors->last = &error->next;
    errors->count++;
}

struct str field_errors_sentence(const struct field_errors *errors)
{
    const struct field_error *first = errors->first;
    size_t more = errors->count - 1;

    if (!first)
        return STR_NONE;
    if (more == 0)
        return arena_printf(errors->arena, STR_FMT " " STR_FMT, STR_ARG(first->field),
                            STR_ARG(first->message));
    return arena_printf(errors->arena, STR_FMT " " STR_FMT " (and %zu more field%s not valid)",
                        STR_ARG(first->field), STR_ARG(first->message), more,
                        more == 1 ? " is" : "s are");
}

void field_errors_pack(const struct field_errors *errors, struct buffer *out)
{
    struct pack_open map = pack_map_open(out);

    for (const struct field_error *error = errors->first; error; error = error->next) {
        pack_text(out, error->field);
        pack_text(out, error->message);
        map.count++;
    }
    pack_map_close(out, map);
}

static void append_path(struct buffer *out, const struct field_path *path)
{
    char index[24];

    if (path->above != NULL) {
        append_path(out, path->above);
        buffer_append(out, ".", 1);
    }
    buffer_append(out, path->name.data, path->name.size);
    if (path->index != NO_INDEX) {
        int size = snprintf(index, sizeof index, "[%zu]", path->index);

        buffer_append(out, index, (size_t)size);
    }
}

struct str field_path_text(struct arena *arena, const struct field_path *path)
{
    struct buffer text;

    if (path->above == NULL && path->index == NO_INDEX)
        return path->name;
    text = buffer_in(arena, 64);
    append_path(&text, path);
    return buffer_str(&text);
}
