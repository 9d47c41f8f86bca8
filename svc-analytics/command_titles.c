/* Titles that the command center shows: which are wanted, and what they are. */
#include <string.h>

#include "command_figures.h"
#include "id_rows.h"

static const struct field command_title_fields[] = {
    COLUMN(command_title, id),
    COLUMN(command_title, title),
};
const struct model command_title_model = MODEL("CommandTitle", command_title, command_title_fields);

static const struct field command_titles_fields[] = {
    COLUMN(command_titles, goal_ids),
    COLUMN(command_titles, strategy_ids),
    COLUMN(command_titles, kpi_ids),
};
const struct model command_titles_model =
    MODEL("CommandTitles", command_titles, command_titles_fields);

struct str command_title_of(const struct command_titles *titles, struct uuid id)
{
    const struct command_title *row = id_row(&titles->rows, sizeof *row, id);

    return row ? row->title : STR_NONE;
}

void command_want(struct arena *arena, struct uuids *ids, struct uuid id)
{
    bool is_full = (ids->count & (ids->count - 1)) == 0; /* there is room for a power of two */

    if (uuid_is_none(id))
        return;
    if (is_full) {
        struct uuid *items = arena_array(arena, ids->count > 0 ? 2 * ids->count : 1, sizeof *items);
        if (ids->count > 0)
            memcpy(items, ids->items, ids->count * sizeof *items);
        ids->items = items;
    }
    ids->items[ids->count++] = id;
}

void command_want_served(struct arena *arena, struct command_titles *titles,
                         const struct action_serves *serves)
{
    for (size_t i = 0; i < serves->goal_ids.count; i++)
        command_want(arena, &titles->goal_ids, serves->goal_ids.items[i]);
    for (size_t i = 0; i < serves->strategy_ids.count; i++)
        command_want(arena, &titles->strategy_ids, serves->strategy_ids.items[i]);
}

/* The first of them that there is. */
static void first_there(const struct command_titles *titles, struct uuids ids, struct uuid *id,
                        struct str *title)
{
    for (size_t i = 0; i < ids.count && !title->data; i++) {
        *title = command_title_of(titles, ids.items[i]);
        if (title->data)
            *id = ids.items[i];
    }
}

void command_serve(const struct command_titles *titles, struct action_serves *serves)
{
    first_there(titles, serves->goal_ids, &serves->goal_id, &serves->goal_title);
    first_there(titles, serves->strategy_ids, &serves->strategy_id, &serves->strategy_title);
}
