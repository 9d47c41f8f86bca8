/* Which field a name in a body or query means. Runs for every pair of every request, so it compares
 * in place and allocates nothing. */
#include <string.h>

#include "field.h"

static char upper(char c)
{
    return (char)(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
}

/* `name` is `declared` (camelCase, `size` long) or one of its other spellings: owner_id and OwnerId
 * mean ownerId. An underscore counts only where it stands for a capital. */
static bool spells(struct str name, const char *declared, size_t size)
{
    size_t at = 1;

    if (name.size < size || upper(name.data[0]) != upper(declared[0]))
        return false;
    for (size_t i = 1; i < size; i++) {
        char c = declared[i];

        if (at < name.size && name.data[at] == '_' && c >= 'A' && c <= 'Z') {
            at++;
            if (at >= name.size || upper(name.data[at]) != c)
                return false;
        } else if (at >= name.size || name.data[at] != c) {
            return false;
        }
        at++;
    }
    return at == name.size;
}

static bool spells_alias(struct str name, const char *aliases)
{
    while (aliases != NULL && *aliases != '\0') {
        size_t size = strcspn(aliases, " ");

        if (size > 0 && spells(name, aliases, size))
            return true;
        aliases += size;
        aliases += strspn(aliases, " ");
    }
    return false;
}

bool field_name_matches(struct str text, const char *name)
{
    return text.size > 0 && spells(text, name, strlen(name));
}

int field_find(const struct model *model, struct str name, unsigned hidden, size_t hint)
{
    if (name.size == 0)
        return -1;
    for (size_t n = 0, i = hint; n < model->count; n++, i++) {
        if (i >= model->count)
            i = 0;
        const struct field *field = &model->fields[i];

        if ((field->flags & hidden) == 0 && upper(field->name[0]) == upper(name.data[0]) &&
            spells(name, field->name, strlen(field->name)))
            return (int)i;
    }
    /* A field's own name wins over another's alias, so aliases come last. */
    for (size_t i = 0; i < model->count; i++) {
        const struct field *field = &model->fields[i];

        if ((field->flags & hidden) == 0 && spells_alias(name, field->aliases))
            return (int)i;
    }
    return -1;
}
