/* Calls of svc-goals. Only its leaf operations, because it calls this service, too. */
#include "link_goals.h"

#include <string.h>

#include "goals.h"
#include "lookup.h"

#define NO_IDS ((struct uuids){NULL, 0})

/* A read without titles is better than none: the longest wait for them. Not less, because only
 * svc-goals knows whether a goal without KPIs exists. Where it does not answer at all, the bus
 * fails all calls but the first at once. */
enum { NAMES_WAIT_MS = 3000 };

static void ask_refs(struct op *op, struct op_call *call, const char *operation,
                     struct goal_refs refs, int64_t budget_ms)
{
    size_t count = refs.goal_ids.count + refs.strategy_ids.count;
    struct buffer body = buffer_in(op->arena, 128 + count * (UUID_TEXT_SIZE + 2));

    model_pack(AS(goal_refs, &refs), &body);
    op_call_start(op, call, operation, buffer_str(&body), budget_ms);
}

static void ask(struct op *op, struct op_call *call, const char *operation, struct uuids goals,
                struct uuids strategies, int64_t budget_ms)
{
    ask_refs(op, call, operation, (struct goal_refs){.goal_ids = goals, .strategy_ids = strategies},
             budget_ms);
}

static bool answered(struct op *op, struct op_call *call)
{
    op_call_wait(op, call);
    return call->reached && call->reply.http == status_http(STATUS_OK);
}

static bool read_names(struct op *op, struct op_call *call, struct goal_names *names)
{
    struct field_errors errors;

    field_errors_init(&errors, op->arena);
    model_clear(AS(goal_names, names));
    return answered(op, call) &&
           model_decode(AS(goal_names, names), call->data, DECODE_CREATE, &errors, NULL);
}

enum goal_answer goal_wait(struct op *op, struct op_call *call)
{
    if (!answered(op, call))
        return GOAL_UNASKED;
    return value_get(call->data, "goalIds")->count > 0 ? GOAL_THERE : GOAL_UNKNOWN;
}

void goal_ask(struct op *op, struct op_call *call, struct uuid goal)
{
    ask(op, call, "checkGoals", (struct uuids){&goal, 1}, NO_IDS, 0);
}

enum goal_answer goal_strategy(struct op *op, struct uuid goal, struct uuid strategy,
                               struct strategy_name *found)
{
    struct op_call call;
    struct goal_names names;

    model_clear(AS(strategy_name, found));
    if (uuid_is_none(strategy)) {
        goal_ask(op, &call, goal);
        return goal_wait(op, &call);
    }
    ask(op, &call, "nameGoals", (struct uuids){&goal, 1}, (struct uuids){&strategy, 1}, 0);
    if (!read_names(op, &call, &names))
        return GOAL_UNASKED;
    const struct strategy_name *named = names.strategies.items;
    if (names.strategies.count > 0 && uuid_equal(named->goal_id, goal))
        *found = *named;
    return names.goals.count > 0 ? GOAL_THERE : GOAL_UNKNOWN;
}

void goals_ask_names(struct op *op, struct op_call *call, struct uuids goals)
{
    ask(op, call, "nameGoals", goals, NO_IDS, NAMES_WAIT_MS);
}

void goals_ask_described(struct op *op, struct op_call *call, struct uuids goals,
                         struct uuid described)
{
    ask_refs(op, call, "nameGoals",
             (struct goal_refs){.goal_ids = goals, .described_id = described}, NAMES_WAIT_MS);
}

bool goals_wait_names(struct op *op, struct op_call *call, struct list *names)
{
    struct goal_names answer;

    if (!read_names(op, call, &answer)) {
        /* A program of an older release tells no names: nothing is missing that it ever told. */
        if (!call->reached || call->reply.http != status_http(STATUS_NOT_IMPLEMENTED))
            op_degraded(op, SERVICE_GOALS);
        return false;
    }
    *names = answer.goals;
    return true;
}

void goals_name_rows(struct op *op, struct list *rows, size_t size, size_t title)
{
    char *items = rows->items;
    struct op_call call;
    struct list names;
    size_t kept = 0;

    if (rows->count == 0)
        return;
    struct uuids ids = ids_of(op->arena, items, rows->count, size);
    goals_ask_names(op, &call, ids);
    if (!goals_wait_names(op, &call, &names))
        return;
    for (size_t i = 0; i < rows->count; i++) {
        const struct goal_name *name = goal_name_of(&names, ids.items[i]);
        if (!name)
            continue;
        memmove(items + kept * size, items + i * size, size);
        memcpy(items + kept++ * size + title, &name->title, sizeof name->title);
    }
    rows->count = kept;
}

bool goals_exist(struct op *op, struct uuids goals, bool *any)
{
    struct op_call call;

    ask(op, &call, "checkGoals", goals, NO_IDS, 0);
    enum goal_answer there = goal_wait(op, &call);
    *any = there == GOAL_THERE;
    return there != GOAL_UNASKED;
}
