/* The computed parts of goals, and their KPIs from svc-kpis. */
#include "goal_kpis.h"

#include <assert.h>
#include <math.h>

#include "goal_rules.h"
#include "kpis.h"

/* A goal without its KPIs is better than no goal: the longest wait for svc-kpis. */
enum { KPIS_WAIT_MS = 200 };

#define NO_KPIS ((struct packed){STR("\x90")}) /* msgpack's array of no items */

/* A completed goal stays complete in the archive. */
static bool is_done(const struct goal *goal)
{
    return goal->status == GOAL_COMPLETED ||
           (goal->status == GOAL_ARCHIVED && !timestamp_is_none(goal->completed_at));
}

void goals_compute(struct goal *goals, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        goals[i].allowed_transitions = goal_transitions(&goals[i]);
        goals[i].kpis = NO_KPIS;
        goals[i].progress = is_done(&goals[i]) ? 100.0 : (double)NAN;
    }
}

void goal_kpis_ask(struct op *op, struct goal_kpis *asked, struct uuids goal_ids)
{
    struct kpis_of_goals body = {.goal_ids = goal_ids};
    struct buffer out = buffer_in(op->arena, 32 + goal_ids.count * (UUID_TEXT_SIZE + 2));

    *asked = (struct goal_kpis){.goal_ids = goal_ids};
    if (goal_ids.count == 0)
        return;
    model_pack(AS(kpis_of_goals, &body), &out);
    op_call_start(op, &asked->call, "kpisOfGoals", buffer_str(&out), KPIS_WAIT_MS);
}

void goal_kpis_ask_one(struct op *op, struct goal_kpis *asked, struct uuid goal_id)
{
    struct uuid *id = arena_alloc(op->arena, sizeof *id);

    *id = goal_id;
    goal_kpis_ask(op, asked, (struct uuids){id, 1});
}

static double number_of(const struct value *value)
{
    return value->type == VALUE_DOUBLE ? value->real
           : value->type == VALUE_INT  ? (double)value->integer
                                       : (double)NAN;
}

/* Passes on what svc-kpis packed. */
static void fill(struct goal *goal, const struct value *kpis, const struct value *progress)
{
    if (kpis->type == VALUE_BYTES)
        goal->kpis.bytes = kpis->text;
    if (!is_done(goal))
        goal->progress = value_is_null(progress) ? 0 : number_of(progress);
}

bool goals_complete(struct op *op, struct goal_kpis *asked, struct goal *goals, size_t count)
{
    goals_compute(goals, count);
    if (count == 0)
        return true;
    assert(asked->goal_ids.count == count);
    op_call_wait(op, &asked->call);
    const struct value *kpis = value_get(asked->call.data, "kpis");
    const struct value *progress = value_get(asked->call.data, "progress");
    if (!asked->call.reached || kpis->type != VALUE_ARRAY || kpis->count != count ||
        progress->type != VALUE_ARRAY || progress->count != count) {
        op_degraded(op, SERVICE_KPIS);
        return false;
    }
    for (size_t i = 0; i < count; i++)
        fill(&goals[i], &kpis->items[i], &progress->items[i]);
    return true;
}
