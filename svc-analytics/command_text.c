/* The command center as JSON, in two texts that are kept (kept_texts.h): the tasks, which are one
 * person's, and the rest, which all see who ask with the same limits. A request that finds both
 * costs one short statement. */
#include <assert.h>

#include "analytics_handlers.h"
#include "command_figures.h"
#include "json_out.h"
#include "kept_texts.h"
#include "queries.h"

enum { ENVELOPE_MAX = 64 }; /* what the gateway writes around it */

static const struct field text_basis_fields[] = {
    COLUMN(text_basis, generation),
    COLUMN(text_basis, stamps),
    COLUMN(text_basis, names),
};
const struct model text_basis_model = MODEL("TextBasis", text_basis, text_basis_fields);

struct command_texts {
    struct str rest_name, tasks_name;
    struct kept_text rest; /* its gap is for the tasks */
    struct kept_text tasks;
};

static void name_texts(struct op *op, const struct command_query *query,
                       struct command_texts *texts)
{
    long long limit = query->limit, days = query->days_ahead;

    texts->rest_name = arena_printf(op->arena, "%lld %.17g", limit, query->variance_threshold);
    texts->tasks_name =
        arena_printf(op->arena, "%lld %lld " STR_FMT, limit, days, STR_ARG(query->user_id));
}

/* --- Writing them --- */

static struct str list_text(struct op *op, struct json *json, const struct model *model,
                            const struct list *list)
{
    struct buffer text = buffer_in(op->arena, 1 << 12);
    char *item = list->items;

    json_start_limited(json, &text, (size_t)op_answer_max());
    json_array_begin(json);
    for (size_t i = 0; i < list->count; i++, item += model->size)
        model_json((struct bound){model, item}, json, NULL);
    json_array_end(json);
    return buffer_str(&text);
}

/* The members of a packed map as an object, with a gap where myTasks has its value. */
static struct kept_text text_with_gap(struct op *op, struct json *json, const struct value *map)
{
    struct buffer text = buffer_in(op->arena, map->raw.size * 2);
    struct kept_text result = {STR_NONE, 0};

    json_start_limited(json, &text, (size_t)op_answer_max());
    json_object_begin(json);
    for (uint32_t i = 0; i < map->count; i++) {
        json_key(json, map->pairs[i].key);
        if (str_equal(map->pairs[i].key, STR("myTasks"))) {
            result.gap = text.size;
            json_nothing(json);
            text.size = result.gap;
        } else {
            json_out(json, map->pairs[i].value.raw);
        }
    }
    json_object_end(json);
    result.text = buffer_str(&text);
    return result;
}

static bool rest_text(struct op *op, struct json *json, struct command_center *center,
                      struct kept_text *rest)
{
    struct buffer packed = buffer_in(op->arena, 1 << 14);
    struct value map;

    model_pack(AS(command_center, center), &packed);
    if ((int64_t)packed.size > op_answer_max()) /* goals have up to 200 strategies */
        return false;
    bool whole = unpack_top(op->arena, buffer_str(&packed), &map);
    assert(whole);
    *rest = text_with_gap(op, json, &map);
    return !json_overflows(json);
}

/* What is missing is computed and kept. */
static bool complete_texts(struct op *op, struct command_query *query, unsigned missing,
                           const struct text_basis *now, struct command_texts *texts)
{
    struct str tenant = op->request->tenant;
    struct text_basis basis = *now;
    struct command_center center;
    bool fits = true;

    if (!(missing & COMMAND_TASKS)) /* was found, and may go while this waits */
        texts->tasks.text = arena_copy(op->arena, texts->tasks.text);
    if (!(missing & COMMAND_REST))
        texts->rest.text = arena_copy(op->arena, texts->rest.text);
    if (!command_figures_load(op, query, missing, &center, &basis.stamps))
        return false;
    struct json *json = json_new();
    if (missing & COMMAND_TASKS) {
        texts->tasks.text = list_text(op, json, &command_task_model, &center.tasks);
        fits = !json_overflows(json);
    }
    if (missing & COMMAND_REST)
        fits = rest_text(op, json, &center, &texts->rest) && fits;
    json_destroy(&json);
    if (fits && (missing & COMMAND_TASKS))
        kept_texts_keep(tenant, texts->tasks_name, now, texts->tasks);
    basis.computed_at = center.generated_at;
    if (fits && (missing & COMMAND_REST))
        kept_texts_keep(tenant, texts->rest_name, &basis, texts->rest);
    return fits || op_too_large(op, "limit");
}

/* --- Answering --- */

static struct str joined(struct op *op, const struct command_texts *texts)
{
    struct str rest = texts->rest.text, tasks = texts->tasks.text;
    struct buffer out = buffer_in(op->arena, rest.size + tasks.size);

    buffer_append(&out, rest.data, texts->rest.gap);
    buffer_append(&out, tasks.data, tasks.size);
    buffer_append(&out, rest.data + texts->rest.gap, rest.size - texts->rest.gap);
    return buffer_str(&out);
}

void command_text_reply(struct op *op, struct command_query *query)
{
    struct str tenant = op->request->tenant;
    struct command_texts texts = {.rest_name = STR_NONE};
    struct text_basis now;
    unsigned missing = 0;

    model_clear(AS(text_basis, &now));
    name_texts(op, query, &texts);
    if (!sql_row(op, COMMAND_BASIS, NOTHING, AS(text_basis, &now)))
        return;
    now.computed_at = op->now;
    if (!kept_texts_find(tenant, texts.tasks_name, &now, &texts.tasks))
        missing |= COMMAND_TASKS;
    if (!kept_texts_find(tenant, texts.rest_name, &now, &texts.rest))
        missing |= COMMAND_REST;
    if (missing && !complete_texts(op, query, missing, &now, &texts)) {
        op_valid(op);
        return;
    }
    if ((int64_t)(texts.rest.text.size + texts.tasks.text.size + ENVELOPE_MAX) > op_answer_max())
        op_too_large(op, "limit");
    if (op_valid(op))
        op_reply_json(op, joined(op, &texts));
}

void command_texts_expire(struct process *process)
{
    (void)process;
    kept_texts_expire(timestamp_now());
}
