/* What other services ask. Nothing here may call out, because the caller may be waiting inside a
 * call of ours. */
#include "activity_entry.h"
#include "goal_handlers.h"
#include "goal_kpis.h"
#include "goal_load.h"
#include "goal_rules.h"
#include "goals.h"
#include "queries.h"

/* Which of these goals and strategies exist. */
void goals_check(struct op *op)
{
    struct goal_refs refs;
    struct list goals = {NULL, 0}, strategies = {NULL, 0};

    if (!op_body(op, AS(goal_refs, &refs)))
        return;
    if (refs.goal_ids.count > 0)
        sql_ask_rows(op, GOALS_EXISTING, AS(goal_refs, &refs), &row_id_model, &goals);
    if (refs.strategy_ids.count > 0)
        sql_ask_rows(op, STRATEGIES_EXISTING, AS(goal_refs, &refs), &row_id_model, &strategies);
    if (!sql_wait(op))
        return;
    refs.goal_ids = ids_of(op, goals.items, goals.count, sizeof(struct row_id));
    refs.strategy_ids = ids_of(op, strategies.items, strategies.count, sizeof(struct row_id));
    op_reply(op, AS(goal_refs, &refs), -1);
}

/* The goals (with their strategies, without KPIs) and strategies themselves. */
void goals_find(struct op *op)
{
    struct goal_refs refs;
    struct goal_finds finds = {{NULL, 0}, {NULL, 0}};

    if (!op_body(op, AS(goal_refs, &refs)))
        return;
    if (refs.goal_ids.count > 0)
        sql_ask_rows(op, GOALS_BY_IDS, AS(goal_refs, &refs), &goal_model, &finds.goals);
    if (refs.strategy_ids.count > 0)
        sql_ask_rows(op, STRATEGIES_BY_IDS, AS(goal_refs, &refs), &strategy_model,
                     &finds.strategies);
    if (!sql_wait(op) || !goals_fill_strategies(op, finds.goals.items, finds.goals.count))
        return;
    goals_compute(finds.goals.items, finds.goals.count);
    op_reply(op, AS(goal_finds, &finds), -1);
}

struct entry_row {
    struct uuid id, goal_id;
};
static const struct field entry_row_fields[] = {
    FIELD(entry_row, id, "id", .flags = FIELD_INTERNAL),
    FIELD(entry_row, goal_id, "goalId", .flags = FIELD_INTERNAL),
};
static const struct model entry_row_model = MODEL("EntryRow", entry_row, entry_row_fields);

/* The event of an entry that another service made. `quiet`: that service's own event is what the
 * goal's stream shows. */
static void quiet_event(struct op *op, const struct entries_input *input, struct entry_row row,
                        struct str author)
{
    struct buffer data = buffer_in(op->arena, 512);
    struct activity entry;

    model_clear(AS(activity, &entry));
    entry.id = row.id;
    entry.goal_id = row.goal_id;
    entry.type = ACTIVITY_SYSTEM;
    entry.title = input->title;
    entry.text = input->text;
    entry.metadata = input->metadata;
    entry.user_id = entry.created_by = entry.updated_by = op->request->user;
    entry.user_name = author;
    entry.created_at = entry.updated_at = op->now;
    model_pack_open(AS(activity, &entry), 1, &data);
    pack_key(&data, "quiet");
    pack_bool(&data, true);
    op_event_packed(op, "activity.created", entry.id, 1, buffer_str(&data));
}

/* Writes one system entry into the feed of each goal; goals that are gone are left out. */
void system_activity_add(struct op *op)
{
    struct system_activity body;
    struct person_name author;
    struct list rows = {NULL, 0};

    if (!op_body(op, AS(system_activity, &body)))
        return;
    struct entries_input input = {
        .ids = {arena_array(op->arena, body.goal_ids.count, sizeof(struct uuid)),
                body.goal_ids.count},
        .goal_ids = body.goal_ids,
        .title = body.title,
        .text = body.text,
        .metadata = body.metadata.bytes.data ? body.metadata : packed_empty(),
    };
    for (size_t i = 0; i < input.ids.count; i++)
        input.ids.items[i] = uuid_v7();
    sql_ask_rows(op, ACTIVITY_INSERT_MANY, AS(entries_input, &input), &entry_row_model, &rows);
    ask_person(op, op->request->user, &author);
    if (!sql_wait(op))
        return;
    for (size_t i = 0; i < rows.count; i++)
        quiet_event(op, &input, ((struct entry_row *)rows.items)[i], author.name);
    struct goal_refs written = {.goal_ids =
                                    ids_of(op, rows.items, rows.count, sizeof(struct entry_row))};
    op_reply(op, AS(goal_refs, &written), -1);
}
