/* Finding types and statuses by the text in a body or query. An exact name has precedence over
 * another spelling, so that every name can be used; an ambiguous one is refused. */
#include "config_names.h"

#include "lookup.h"
#include "queries.h"
#include "system_config.h"
#include "text.h"

/* CONFIG_NAMES */
struct own_names {
    struct uuids type_ids, status_ids;
    struct texts type_names, status_names;
};
static const struct field own_names_fields[] = {
    COLUMN(own_names, type_ids),
    COLUMN(own_names, type_names),
    COLUMN(own_names, status_ids),
    COLUMN(own_names, status_names),
};
const struct model own_names_model = MODEL("OwnNames", own_names, own_names_fields);

static struct named_configs with_room(struct op *op, struct uuids ids, struct texts names,
                                      size_t more)
{
    size_t room = ids.count + more;
    struct named_configs configs = {
        .ids = {arena_array(op->arena, room, sizeof *ids.items), 0},
        .names = {arena_array(op->arena, room, sizeof *names.items), 0},
    };

    for (size_t i = 0; i < ids.count && i < names.count; i++) {
        configs.ids.items[configs.ids.count++] = ids.items[i];
        configs.names.items[configs.names.count++] = names.items[i];
    }
    return configs;
}

static void add(struct named_configs *configs, struct uuid id, struct str name)
{
    configs->ids.items[configs->ids.count++] = id;
    configs->names.items[configs->names.count++] = name;
}

bool config_names_load(struct op *op, struct config_names *names)
{
    struct own_names own;
    bool found;

    if (names->loaded)
        return true;
    model_clear(AS(own_names, &own));
    if (!sql_read_unlocked(op, CONFIG_NAMES, NOTHING, AS(own_names, &own), &found))
        return false;
    names->types = with_room(op, own.type_ids, own.type_names, SYSTEM_TYPES);
    for (size_t i = 0; i < SYSTEM_TYPES; i++)
        add(&names->types, system_type(i).id, system_type(i).name);
    names->statuses = with_room(op, own.status_ids, own.status_names, SYSTEM_STATUSES);
    for (size_t i = 0; i < SYSTEM_STATUSES; i++)
        add(&names->statuses, system_status(i).id, system_status(i).name);
    names->loaded = true;
    return true;
}

bool config_by_name(const struct named_configs *configs, struct str text, struct uuid *id)
{
    for (size_t i = 0; i < configs->ids.count; i++)
        if (str_equal(configs->names.items[i], text)) {
            *id = configs->ids.items[i];
            return true;
        }
    return false;
}

enum name_fit config_by_spelling(struct arena *arena, const struct named_configs *configs,
                                 struct str text, struct uuid *id)
{
    struct str wanted = text_spelling(arena, text);
    size_t fits = 0;

    for (size_t i = 0; i < configs->ids.count && wanted.size > 0; i++)
        if (str_equal(text_spelling(arena, configs->names.items[i]), wanted)) {
            *id = configs->ids.items[i];
            fits++;
        }
    return fits == 0 ? NAME_FITS_NONE : fits == 1 ? NAME_FITS_ONE : NAME_FITS_SEVERAL;
}

/* --- "type" and "status" of a body --- */

/* One of the two: what was sent, and what the issue had. */
struct said {
    const char *field, *what; /* "status", "an issue status" */
    struct str packed;
    const struct issue_config *before; /* NULL for a new issue */
    bool of_types;
};

static bool by_name(struct op *op, const struct said *said, const char *field, struct str name,
                    struct config_names *names, struct uuid *id)
{
    if (!config_names_load(op, names))
        return false;
    const struct named_configs *configs = said->of_types ? &names->types : &names->statuses;
    if (config_by_name(configs, text_normalized(op->arena, text_trimmed(name)), id))
        return true;
    switch (config_by_spelling(op->arena, configs, name, id)) {
    case NAME_FITS_ONE:
        return true;
    case NAME_FITS_SEVERAL:
        *id = (struct uuid){{0}};
        return op_invalid(op, field, "fits several names; say one of them exactly");
    case NAME_FITS_NONE:
        break;
    }
    return op_invalid(op, field, "is not %s", said->what);
}

/* In an object the id counts. A name of another type or status means that the client has edited the
 * answer, which is an error; a name that no longer exists means an outdated answer and is ignored.
 */
static void by_object(struct op *op, const struct said *said, const struct value *object,
                      struct config_names *names, struct uuid *id)
{
    struct str name = value_text(value_get(object, "name"));
    const struct value *sent_id = value_get(object, "id");
    struct uuid named = {{0}};

    if (value_is_null(sent_id)) {
        if (name.data)
            by_name(op, said, arena_printf(op->arena, "%s.name", said->field).data, name, names,
                    id);
        else
            op_invalid(op, said->field, "must have an id or a name");
        return;
    }
    if (!uuid_parse(value_text(sent_id), id)) {
        op_invalid(op, arena_printf(op->arena, "%s.id", said->field).data, "is not %s", said->what);
        return;
    }
    bool as_before =
        said->before && uuid_equal(said->before->id, *id) && str_equal(said->before->name, name);
    if (!name.data || as_before || !config_names_load(op, names))
        return;
    if (config_by_name(said->of_types ? &names->types : &names->statuses, name, &named) &&
        !uuid_equal(named, *id))
        op_invalid(op, arena_printf(op->arena, "%s.name", said->field).data,
                   "is the name of another one than id");
}

static void read_said(struct op *op, const struct said *said, struct config_names *names,
                      struct uuid *id)
{
    struct value value;

    *id = (struct uuid){{0}};
    if (!said->packed.data || !unpack(op->arena, said->packed, &value))
        return;
    if (!said->before && value.type == VALUE_TEXT && value.text.size == 0)
        return; /* forms say so that nobody chose */
    if (value.type == VALUE_MAP)
        by_object(op, said, &value, names, id);
    else if (value.type != VALUE_TEXT)
        op_invalid(op, said->field, "must be an id, a name, or an object with one of them");
    else if (!uuid_parse(value.text, id))
        by_name(op, said, said->field, value.text, names, id);
}

bool issue_choice_read(struct op *op, const struct issue *before, const struct issue *issue,
                       struct issue_choice *choice)
{
    struct config_names names = {.loaded = false};
    struct said type = {"type", "an issue type", issue->type_said.bytes,
                        before ? &before->type : NULL, true};
    struct said status = {"status", "an issue status", issue->status_said.bytes,
                          before ? &before->status : NULL, false};

    choice->inherited = NULL;
    read_said(op, &type, &names, &choice->type_id);
    read_said(op, &status, &names, &choice->status_id);
    return !op_failed(op);
}

/* Answers the field that the id is taken from. */
static const char *take(struct op *op, const char *field, const char *same_as, struct uuid said,
                        const struct uuid *before, struct uuid *id)
{
    if (uuid_is_none(said))
        return same_as;
    bool named = op_named(op, same_as);
    if (named && uuid_equal(said, *id))
        return same_as;
    if (!named || (before && uuid_equal(*id, *before))) {
        *id = said;
        return field;
    }
    if (!before || !uuid_equal(said, *before))
        op_invalid(op, field, "differs from %s, which means the same", same_as);
    return same_as;
}

void issue_choice_take(struct op *op, const struct issue *before, struct issue_choice *choice,
                       struct issue *issue)
{
    choice->type_field = take(op, "type", "typeConfigId", choice->type_id,
                              before ? &before->type_config_id : NULL, &issue->type_config_id);
    choice->status_field =
        take(op, "status", "statusConfigId", choice->status_id,
             before ? &before->status_config_id : NULL, &issue->status_config_id);
}
